/*---
title = "files that software asks for unasked"
reads = "web"
why = "Browsers, phones and crawlers ask every site for icons, manifests and well-known files, there or not; pages pull in pictures and scripts that are gone."
cost = "Those names say nothing of the site behind them."

[[case]]
events = [{ src_ip = "198.51.100.9", url = ["/favicon.ico", "/robots.txt", "/img/old.png", "/alpha", "/beta", "/gamma"] }]
---*/
SELECT contact FROM page_evidence WHERE (unasked OR asset) AND NOT attack AND NOT sensitive AND tool_requests = 0
