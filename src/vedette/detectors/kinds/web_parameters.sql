/*---
title = "Names of parameters"
kind = "web_wordlist"
technique = "T1595.003"
reads = "web"
why = "One source gives many names of parameters to pages that take none of them, each once, and nobody else gives them: it is guessing which are read."
blind = ["names in bodies and headers", "many names in one request", "names split over many sources", "slower than the longest rung"]
sentence = "tried {count} names of parameters within {window} that nobody else uses, such as {path}"

[[rung]]
window = "1 min"
at_least = 16
why = "A form has fewer fields that only one visitor of the whole log fills in, and sends them together."

[[rung]]
window = "1 h"
at_least = 32
why = "Room for polite delays; a crawler that is alone with the filters of a shop meets each of them many times."

[[case]]
name = "twenty names of parameters on one page in twenty seconds"
events = [
  { src_ip = "198.51.100.9", url = "/news/{n}=1", n = ["?debug", "?test", "?admin", "?id", "?file", "?path", "?url", "?redirect", "?next", "?callback", "?cmd", "?exec", "?lang", "?page", "?template", "?view", "?include", "?dir", "?action", "?do"], http_status = 200, every = "1s" },
  { src_ip = "192.0.2.1", url = ["/", "/news/", "/about"], http_status = 200, every = "1m" },
]
finds = ["198.51.100.9"]

[[case]]
name = "a page that is fetched past a cache"
events = [{ src_ip = "198.51.100.9", url = "/news/?x{n}=1", n = "100..160", http_status = 200, every = "1s" }]
finds = []

[[case]]
name = "two visitors with the same filters"
events = [{ src_ip = ["198.51.100.9", "192.0.2.1"], url = "/shop/{n}=1", n = ["?color", "?size", "?brand", "?price", "?sort", "?page", "?rating", "?sale", "?stock", "?year", "?type", "?gender", "?season", "?fabric", "?width", "?length", "?fit", "?style"], http_status = 200, every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM page_evidence
WHERE guess
