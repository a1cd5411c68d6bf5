/*---
title = "doors that are or were open"
why = "A door that answered somebody has ordinary callers: their stale packets, their rate limits, an outage, and browsers that try UDP where TCP is open, are refused there."
cost = "An attacker would have to know which doors are open, which is what scanning is for."

[[case]]
events = [
  { src_ip = "198.51.100.77", dst_ip = "203.0.113.1..9", dst_port = "443", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..9", dst_port = "443" },
]
---*/
SELECT contact
FROM evidence
WHERE class IN ('syn', 'ack', 'udp') AND (target, port) IN (SELECT (target, port) FROM doors WHERE answers)
