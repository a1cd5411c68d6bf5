/*---
title = "relative links that grow"
reads = "web"
why = "A link without its leading slash is looked up below the page that holds it, whose answer holds it again: the path repeats its own parts, longer with every click."
cost = "Only a name that stands in the path already, below a page that the source asked for and names as referer: it says nothing of the site."

[[case]]
events = [
  { src_ip = "198.51.100.9", url = "/docs/admin", http_referer = "https://www.example.org/docs/" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs", http_referer = "https://www.example.org/docs/admin" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin", http_referer = "https://www.example.org/docs/admin/docs" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs", http_referer = "https://www.example.org/docs/admin/docs/admin" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs/admin", http_referer = "https://www.example.org/docs/admin/docs/admin/docs" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs/admin/docs", http_referer = "https://www.example.org/docs/admin/docs/admin/docs/admin" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs/admin/docs/admin", http_referer = "https://www.example.org/docs/admin/docs/admin/docs/admin/docs" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs/admin/docs/admin/docs", http_referer = "https://www.example.org/docs/admin/docs/admin/docs/admin/docs/admin" },
  { src_ip = "198.51.100.9", url = "/docs/admin/docs/admin/docs/admin/docs/admin/docs/admin", http_referer = "https://www.example.org/docs/admin/docs/admin/docs/admin/docs/admin/docs" },
]
---*/
SELECT contact
FROM page_evidence
WHERE referer IS NOT NULL AND NOT attack AND tool_requests = 0
  AND list_contains(string_split(rtrim(path, '/'), '/')[:-2], regexp_extract(path, '([^/]+)/?$', 1))
  AND starts_with(path, regexp_extract(path_of(referer), '^(.*/)', 1))
  AND EXISTS (SELECT 1 FROM pages WHERE pages.source = page_evidence.source AND pages.path = path_of(page_evidence.referer))
