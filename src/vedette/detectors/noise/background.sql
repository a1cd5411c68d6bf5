/*---
title = "background radiation"
reads = "events"
why = "The internet knocks on every address: sources that were refused at fewer doors than any scan has."
cost = "Four doors at most, ever, from one address."

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["23", "22"] }]
---*/
SELECT source, events FROM knockers WHERE events > 0 AND source NOT IN (SELECT source FROM evidence)
