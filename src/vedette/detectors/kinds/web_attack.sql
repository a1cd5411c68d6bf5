/*---
title = "Web vulnerability probing: attack text"
kind = "web_vuln"
technique = "T1595.002"
reads = "web"
why = "URLs, decoded twice, carry text that only attacks carry: traversal, injection, script, commands, template and object tricks."
blind = ["attacks in bodies and headers: a log has only the URL", "encodings beyond two rounds", "fewer than three such URLs"]
sentence = "sent attack text to {count} pages within {window}, such as {path}"

[[rung]]
window = "1 min"
at_least = 3
why = "A link broken by a mail program or a search for SQL is one URL, perhaps two."

[[rung]]
window = "24 h"
at_least = 5
why = "An office behind one address may have several odd searches a day."

[[case]]
name = "traversal, script and injection"
events = [{ src_ip = "198.51.100.9", url = ["/a?f=../../../../etc/passwd", "/b?q=%3Cscript%3Ealert(1)%3C/script%3E", "/c?id=1%2527%2520UNION%2520SELECT%2520NULL--", "/d?id=1;cat%20/etc/passwd"], http_status = 200, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "ordinary searches"
events = [{ src_ip = "198.51.100.9", url = ["/search?q=select+a+union+from+the+list", "/search?q=o'reilly", "/search?q=c%2B%2B+%26+java", "/a?next=%2Fhome%2F", "/b?name=%7Bid%7D", "/c?q=1+or+2"], http_status = 200, every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM page_evidence
WHERE attack
