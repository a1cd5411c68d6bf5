/* The web's part of scoring.sql. */

CREATE TEMP TABLE page_facts AS
SELECT lead AS source, sum(times)::BIGINT AS probes, count(DISTINCT (site, template_key)) AS paths,
  count(DISTINCT CASE WHEN attack THEN (site, template_key) END) AS attacks,
  count(DISTINCT CASE WHEN sensitive THEN (site, template_key) END) AS sensitive, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM page_evidence JOIN led USING (source)
GROUP BY lead;

/* Pages that a named source found and that no ordinary reader was served: what it was looking for. */
CREATE TEMP TABLE found_pages AS
SELECT lead AS source, path, min(first_found) AS answered_at
FROM pages JOIN led USING (source)
WHERE first_found IS NOT NULL AND NOT unasked AND NOT asset AND path <> '/'
  AND (sensitive OR (site, template_key) NOT IN (
    SELECT (site, template_key) FROM pages JOIN visitors USING (source) WHERE ordinary AND served > 0))
GROUP BY ALL;
