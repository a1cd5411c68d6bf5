/* The web's part of tools.sql: the user agents of each offense, the most frequent first. */
CREATE TEMP TABLE agent_requests AS
SELECT *, count(*) OVER (PARTITION BY source) AS agents, row_number() OVER (PARTITION BY source ORDER BY requests DESC, user_agent) AS rank
FROM (
  SELECT led.lead AS source, user_agent, count(*) AS requests,
    count(CASE WHEN http_method = 'HEAD' THEN 1 END) AS heads, count(CASE WHEN http_method IN (FROM odd_methods) THEN 1 END) AS odd
  FROM events JOIN led ON source_key(src_hi, src_lo) = led.source
  WHERE url IS NOT NULL
  GROUP BY ALL);

CREATE TEMP TABLE agent_facts AS
SELECT source, name, certain, sum(requests)::BIGINT AS requests, min(user_agent) AS user_agent
FROM agent_requests JOIN tool_agents USING (user_agent)
GROUP BY ALL;

/* Words with which known lists begin, and when each was first asked for. */
CREATE TEMP TABLE list_words AS
SELECT lead AS source, substr(path, 2) AS word, min(first_seen) AS first_seen
FROM pages JOIN led USING (source)
WHERE substr(path, 2) IN (SELECT unnest($words::VARCHAR[]))
GROUP BY ALL;
