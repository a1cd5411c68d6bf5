/* The web's part of scoring.sql. */

/* `regular` is how many pages differ in one name alone, in one directory below the root or one directory above the last name. */
CREATE TEMP TABLE page_facts AS
WITH shapes AS (
  SELECT lead, site, template_key, unnest([directory, regexp_extract(template, '^(/[^/]+/(?:[^/]+/)*)[^/]+(/[^/]*)$', 1) || '*' || regexp_extract(template, '/[^/]*$')]) AS shape
  FROM page_evidence JOIN led USING (source)),
largest AS (
  SELECT lead AS source, max(pages) AS regular
  FROM (SELECT lead, site, shape, count(DISTINCT template_key) AS pages FROM shapes WHERE shape <> '/' AND NOT starts_with(shape, '*') GROUP BY ALL)
  GROUP BY lead)
SELECT * FROM (
  SELECT lead AS source, sum(times)::BIGINT AS probes, count(DISTINCT (site, template_key)) AS paths,
    count(DISTINCT CASE WHEN attack THEN (site, template_key) END) AS attacks,
    count(DISTINCT CASE WHEN sensitive THEN (site, template_key) END) AS sensitive, min(first_seen) AS first_seen, max(last_seen) AS last_seen
  FROM page_evidence JOIN led USING (source)
  GROUP BY lead) LEFT JOIN largest USING (source);

/* Pages that a named source found and that no ordinary reader was served: what it was looking for. */
CREATE TEMP TABLE found_pages AS
SELECT lead AS source, path, min(first_found) AS answered_at
FROM pages JOIN led USING (source)
WHERE first_found IS NOT NULL AND NOT unasked AND NOT asset AND path <> '/'
  AND (sensitive OR (site, template_key) NOT IN (
    SELECT (site, template_key) FROM pages JOIN visitors USING (source) WHERE ordinary AND served > 0))
GROUP BY ALL;
