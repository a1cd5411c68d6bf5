/* The user agents of the log that belong to tools, claim to be crawlers, or are programs that people run: matched once each. */
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

CREATE TEMP TABLE program_agents AS
SELECT user_agent, min(program) AS program
FROM agents, (SELECT unnest($programs::STRUCT(program INTEGER, pattern VARCHAR)[], recursive := true))
WHERE regexp_matches(agent, $any_program) AND regexp_matches(agent, pattern)
GROUP BY user_agent;

CREATE TEMP TABLE program_paths AS
SELECT unnest($program_paths::STRUCT(program INTEGER, pattern VARCHAR)[], recursive := true);

/* Agents and referers that are attacks themselves. A referer is looked at where it holds a sign that no address has. */
CREATE TEMP TABLE charged AS
SELECT text FROM (
  SELECT agent AS lowered, user_agent AS text FROM agents
  UNION ALL
  SELECT lower(http_referer), http_referer FROM (SELECT DISTINCT http_referer FROM events
    WHERE contains(http_referer, '{') OR contains(http_referer, '<') OR contains(http_referer, '''') OR contains(http_referer, ' ')))
WHERE regexp_matches(lowered, $charges);

/* What each agent is, so that a request is joined once. */
CREATE TEMP TABLE roles AS
SELECT user_agent, hash(user_agent) AS agent, regexp_matches(agents.agent, 'bot|crawl|spider|fetch|https?:') AS robot, user_agent IN (SELECT user_agent FROM tool_agents) AS tool,
  user_agent IN (SELECT user_agent FROM crawler_agents) AS crawler, user_agent IN (SELECT text FROM charged) AS charged, program
FROM agents LEFT JOIN program_agents USING (user_agent);

/* Which of them a request carries, as a number; 0 is none. */
CREATE MACRO charge_of(agent, referer) AS
  CASE WHEN agent IN (SELECT text FROM charged) THEN hash(agent) WHEN referer IN (SELECT text FROM charged) THEN hash(referer) ELSE 0 END;
