/* The user agents of the log that belong to tools or claim to be crawlers: matched once each. */
CREATE TEMP TABLE agents AS
SELECT DISTINCT user_agent, lower(user_agent) AS agent FROM events WHERE user_agent IS NOT NULL;

CREATE TEMP TABLE tool_agents AS
SELECT user_agent, name, looks, certain
FROM agents, (SELECT unnest($tools::STRUCT(name VARCHAR, pattern VARCHAR, looks VARCHAR, certain BOOLEAN)[], recursive := true))
WHERE regexp_matches(agent, $any_tool) AND regexp_matches(agent, pattern);

CREATE TEMP TABLE crawler_agents AS
SELECT user_agent, name
FROM agents, (SELECT unnest($crawlers::STRUCT(name VARCHAR, pattern VARCHAR)[], recursive := true))
WHERE regexp_matches(agent, $any_crawler) AND regexp_matches(agent, pattern);
