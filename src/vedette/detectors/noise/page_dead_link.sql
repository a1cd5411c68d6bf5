/*---
title = "dead links that others follow too"
reads = "web"
why = "A page that several ordinary readers were refused is a dead link, not a guess."
cost = "Only names that ordinary readers meet can be tried unseen; those who vouch are readers by their behaviour."

[knob]
readers = { value = 3, why = "fewer may be scanners that pass for readers" }

[[case]]
events = [
  { src_ip = "198.51.100.10..14", url = ["/a", "/b", "/c", "/d"], http_status = 200 },
  { src_ip = "198.51.100.10..14", url = "/gone" },
  { src_ip = "198.51.100.9", url = ["/gone", "/alpha", "/beta"] },
]
---*/
SELECT contact
FROM page_evidence
JOIN (
  SELECT site, template_key, count(*) AS readers FROM pages JOIN visitors USING (source)
  WHERE ordinary AND pages.served = 0 AND pages.refused > 0 GROUP BY site, template_key) USING (site, template_key)
WHERE readers - ordinary::INTEGER >= $readers AND NOT attack AND tool_requests = 0
