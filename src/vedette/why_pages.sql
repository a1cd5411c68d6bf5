/* The web's part of why.sql. */

/* Its pages, and how they ended. */
SELECT count(*) AS pages, coalesce(sum(times), 0)::BIGINT AS requests, count(CASE WHEN served > 0 THEN 1 END) AS served,
  count(CASE WHEN served = 0 AND refused > 0 THEN 1 END) AS refused, count(CASE WHEN served = 0 AND refused = 0 AND unauthorised > 0 THEN 1 END) AS unauthorised,
  count(CASE WHEN sensitive THEN 1 END) AS sensitive, count(CASE WHEN attack THEN 1 END) AS attacks, coalesce(sum(tool_requests), 0)::BIGINT AS tool_requests
FROM pages SEMI JOIN chosen USING (source);
