/* The web's part of scoring.sql. */

CREATE TEMP TABLE page_facts AS
SELECT source, sum(times)::BIGINT AS probes, count(*) AS paths, count(CASE WHEN attack THEN 1 END) AS attacks,
  count(CASE WHEN sensitive THEN 1 END) AS sensitive, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM page_evidence SEMI JOIN named USING (source)
GROUP BY source;

/* Pages that a named source found and that no ordinary reader was served: what it was looking for. */
CREATE TEMP TABLE found_pages AS
SELECT source, path, first_found AS answered_at
FROM pages SEMI JOIN named USING (source)
WHERE first_found IS NOT NULL AND NOT unasked AND NOT asset AND path <> '/'
  AND (sensitive OR (site, template_key) NOT IN (
    SELECT (site, template_key) FROM pages JOIN visitors USING (source) WHERE ordinary AND served > 0));

CREATE TEMP TABLE agent_facts AS
SELECT source_key(src_hi, src_lo) AS source, name, certain, count(*) AS requests, min(user_agent) AS user_agent
FROM events JOIN tool_agents USING (user_agent)
WHERE source_key(src_hi, src_lo) IN (FROM named)
GROUP BY ALL;
