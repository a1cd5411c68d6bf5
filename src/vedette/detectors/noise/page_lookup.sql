/*---
title = "lookups in a collection"
reads = "web"
why = "A client of an interface, a mirror or a cache asks whether this or that is there; some are, under the same first directory and of the same kind."
cost = "One real page of the same directory and kind for every five guesses, and never at the root."

[knob]
guesses = { value = 5, why = "a cache that misses five times as often as it hits is switched off" }

[[case]]
events = [
  { src_ip = "198.51.100.9", url = "/users/{n}", n = ["alpha", "beta", "gamma", "delta"] },
  { src_ip = "198.51.100.9", url = "/users/omega", http_status = 200 },
]
---*/
SELECT contact
FROM page_evidence
JOIN (
  SELECT source, site, family_key FROM pages
  GROUP BY ALL
  HAVING count(CASE WHEN served = 0 THEN 1 END) <= $guesses * count(CASE WHEN served > 0 THEN 1 END)) USING (source, site, family_key)
WHERE directory <> '/' AND NOT alike AND NOT sensitive AND NOT attack AND tool_requests = 0
