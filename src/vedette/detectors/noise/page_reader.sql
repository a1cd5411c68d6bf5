/*---
title = "readers that are mostly served"
reads = "web"
why = "A reader, an office or a link checker gets most of what it asks for; the rest is dead links."
cost = "A different real page for every guess, and the guesses may not be sensitive."

[knob]
served_for_refused = { value = 1, why = "link checkers of badly kept sites come near one; word lists find one name in a hundred" }

[[case]]
events = [
  { src_ip = "198.51.100.9", url = "/{n}", n = ["alpha", "beta", "gamma", "delta"], http_status = 200 },
  { src_ip = "198.51.100.9", url = ["/old", "/older", "/oldest"] },
]
---*/
SELECT contact
FROM page_evidence
WHERE served_pages >= $served_for_refused * refused_pages AND NOT alike AND NOT sensitive AND NOT attack AND tool_requests = 0
