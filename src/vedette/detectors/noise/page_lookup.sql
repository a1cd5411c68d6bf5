/*---
title = "lookups in a collection"
reads = "web"
why = "A client of an interface, a mirror or a cache asks whether this or that is there; some are, under the same first directory and of the same kind."
cost = "One real page of the same directory and kind for every five guesses (two where scanners look for such names), and never at the root."

[knob]
guesses = { value = 5, why = "a cache that misses five times as often as it hits is switched off" }
sensitive_guesses = { value = 2, why = "who fetches backups or settings that are there has been told of them; some are gone already" }

[[case]]
events = [
  { src_ip = "198.51.100.9", url = "/users/{n}", n = ["alpha", "beta", "gamma", "delta"] },
  { src_ip = "198.51.100.9", url = "/users/omega", http_status = 200 },
]
---*/
SELECT contact
FROM page_evidence
JOIN (
  SELECT source, site, family_key, count(CASE WHEN served = 0 THEN 1 END) AS lost, count(CASE WHEN served > 0 THEN 1 END) AS found
  FROM pages
  GROUP BY ALL) USING (source, site, family_key)
WHERE lost <= found * CASE WHEN sensitive THEN $sensitive_guesses ELSE $guesses END
  AND directory <> '/' AND NOT alike AND NOT attack AND tool_requests = 0
