/*---
title = "Web scanner by its own name"
kind = "web_vuln"
technique = "T1595.002"
reads = "web"
why = "The user agent names a vulnerability scanner. Nobody forges such a name to look innocent, so three requests are enough, found or not."
blind = ["tools that send a browser's name, which most allow"]
sentence = "named itself as a vulnerability scanner in {count} requests or more within {window}"

[[rung]]
window = "24 h"
at_least = 3
why = "One request may be a curious test; three are a scan."

[[case]]
name = "nikto, answered 200 throughout"
events = [{ src_ip = "198.51.100.9", url = ["/", "/a.html", "/b.html"], http_status = 200, user_agent = "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "the front page of eight hosts"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..8", url = "/", http_status = 200, user_agent = "WhatWeb/0.5.5", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a curious test"
events = [{ src_ip = "198.51.100.9", url = "/", http_status = 200, user_agent = "WhatWeb/0.5.5", every = "1s" }]
finds = []

[[case]]
name = "a finder of feeds, whose name only ends like a scanner's"
events = [{ src_ip = "198.51.100.9", url = ["/", "/a.html", "/b.html"], http_status = 200, user_agent = "FeedFinder/2.1", every = "1s" }]
finds = []

[[case]]
name = "a browser on the same pages"
events = [{ src_ip = "198.51.100.9", url = ["/", "/a.html", "/b.html"], http_status = 200, user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, (hash(contact, number) >> 1)::BIGINT AS thing, contact
FROM page_evidence, unnest(range(CASE WHEN tool_requests < 3 THEN 1 ELSE 3 END)) AS counted(number)
WHERE tool_requests > 0
