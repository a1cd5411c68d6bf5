/*---
title = "dead links on our own pages"
reads = "web"
why = "The reader came from a page of ours that it was served, and that page may link to something that is gone."
cost = "Each served page vouches for three dead links, so every three guesses cost a real page with a matching referer; pages that differ in numbers alone vouch together."

[knob]
links = { value = 3, why = "a page with more dead links than this is repaired" }

[[case]]
events = [
  { src_ip = "198.51.100.9", url = "/index.html", http_status = 200 },
  { src_ip = "198.51.100.9", url = ["/alpha", "/beta", "/gamma"], http_referer = "https://www.example.org/index.html" },
]
---*/
SELECT contact
FROM (
  SELECT page_evidence.contact, pages.different_urls AS served_urls,
    row_number() OVER (PARTITION BY page_evidence.source, pages.contact ORDER BY page_evidence.first_seen, page_evidence.contact) AS rank
  FROM page_evidence
  JOIN pages ON pages.source = page_evidence.source AND pages.template = masked_path(path_of(page_evidence.referer)) AND pages.served > 0
  WHERE page_evidence.referer IS NOT NULL AND NOT page_evidence.sensitive AND NOT page_evidence.attack AND page_evidence.tool_requests = 0)
WHERE rank <= $links * served_urls
