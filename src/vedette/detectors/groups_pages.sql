/* The web's part of the knocks: missing pages of those who are served less than they miss, where the site is the target and the
make tells whether scanners look for the page. */
UNION ALL
SELECT TRUE, source, (site >> 1)::BIGINT, (template_key >> 1)::BIGINT, bool_or(sensitive)::BIGINT, min(first_seen), NULL
FROM unexplained_pages SEMI JOIN (SELECT source FROM visitors WHERE served_pages < refused_pages) USING (source)
WHERE served = 0 AND NOT attack AND tool_requests = 0
GROUP BY source, site, template_key
