/*---
title = "verified crawlers"
reads = "web"
why = "A search engine revisits what was there once. The name counts only from the ranges that its owner publishes."
cost = "An address of the search engine itself; sensitive paths count even there."

[[case]]
events = [{ src_ip = "66.249.66.1", url = "/{n}", n = ["alpha", "beta", "gamma", "delta"], user_agent = "Mozilla/5.0 (compatible; Googlebot/2.1)" }]
---*/
SELECT contact
FROM page_evidence
WHERE claims_crawler AND NOT sensitive AND NOT attack
  AND EXISTS (SELECT 1 FROM crawler_networks WHERE source BETWEEN first AND last)
