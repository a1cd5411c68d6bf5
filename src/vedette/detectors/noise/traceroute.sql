/*---
title = "traceroute"
why = "traceroute counts up UDP ports from 33434, mtr from 33000, one a packet, towards a host or a few."
cost = "Nothing listens on those ports."

[knob]
hosts = { value = 3, why = "who traces the path to more hosts than this maps the network" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "33434..33460", proto = "udp" }]

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "33001..33099", proto = "udp" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'udp' AND port BETWEEN 33000 AND 33690
  AND source IN (SELECT source FROM evidence WHERE class = 'udp' AND port BETWEEN 33000 AND 33690 GROUP BY source HAVING count(DISTINCT target) <= $hosts)
