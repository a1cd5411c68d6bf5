/*---
title = "clients that poll missing pages"
reads = "web"
why = "An app whose service is gone asks for its few pages again and again for hours and never for others."
cost = "Every page has to be asked for in many different minutes over hours, and the whole list at its start."

[knob]
minutes = { value = 5, why = "different minutes in which most of the pages were asked for" }
hours = { value = 2, why = "an app lives longer than a scan" }
new_share = { value = 0.3, why = "no page is new after this share of its life" }

[[case]]
events = [{ src_ip = "198.51.100.9", url = "/api/{n}", n = ["alpha", "beta", "gamma"], every = "5m", rounds = 40 }]
---*/
SELECT contact
FROM page_evidence
WHERE NOT attack AND tool_requests = 0 AND source IN (
  SELECT source FROM page_evidence
  GROUP BY source
  HAVING quantile_disc(minutes, 0.1) >= $minutes
    AND max(last_seen) - min(first_seen) >= $hours * 3600000000
    AND max(first_seen) - min(first_seen) <= $new_share * (max(last_seen) - min(first_seen)))
