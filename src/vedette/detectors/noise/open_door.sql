/*---
title = "doors that are or were open"
why = "A door that answered somebody has ordinary callers: their stale packets, their rate limits, an outage, and browsers that try UDP where TCP is open, are refused there; so are those who try plain HTTP, or HTTPS, where the other of the two is open."
cost = "An attacker would have to know which doors are open, which is what scanning is for; whether a web server also has its other door tells nothing."

[[case]]
events = [
  { src_ip = "198.51.100.77", dst_ip = "203.0.113.1..9", dst_port = "443", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..9", dst_port = "443" },
]

[[case]]
events = [
  { src_ip = "198.51.100.77", dst_ip = "203.0.113.1..9", dst_port = "443", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..9", dst_port = "80" },
]
---*/
SELECT contact
FROM evidence
WHERE class IN ('syn', 'ack', 'udp') AND ((target, port) IN (SELECT (target, port) FROM doors WHERE answers)
  OR (target, port) IN (SELECT (target, 523 - port) FROM doors WHERE answers AND port IN (80, 443)))
