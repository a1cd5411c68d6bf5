/* The web's part of teams.sql: what its scanners did. */
UNION ALL
SELECT source, TRUE, site, template_key, first_seen, last_seen FROM unexplained_pages SEMI JOIN scanners USING (source);

/* And their makes: the agent that one mostly names, the same for all who name many, -3 where the log does not say. */
UNION ALL
SELECT TRUE, source, CASE WHEN count(*) > $agents THEN 0 ELSE coalesce((hash(max({'requests': requests, 'agent': user_agent}).agent) >> 1)::BIGINT, -3) END
FROM (SELECT source_key(src_hi, src_lo) AS source, user_agent, count(*) AS requests FROM events
  WHERE url IS NOT NULL AND source_key(src_hi, src_lo) IN (FROM scanners) GROUP BY ALL)
GROUP BY source
