/*---
title = "Block scan"
kind = "block"
technique = "T1595.001"
why = "One source tries several ports of several hosts: it is mapping the network."
blind = ["spread over many sources", "one port (horizontal) or one host (vertical)"]
sentence = "refused at {count} doors of {targets} hosts and {ports} ports within {window}"

[knob]
hosts = { value = 3, why = "two hosts are often one service with a spare" }
ports = { value = 2, why = "with one port it is a horizontal scan" }

[[rung]]
window = "1 min"
at_least = 7
why = "More than a vertical or horizontal scan needs, because accidents add up over hosts and ports."

[[rung]]
window = "5 min"
at_least = 9
why = "Room for delays."

[[rung]]
window = "1 h"
at_least = 12
why = "An office behind one address tries a few closed doors an hour."

[[rung]]
window = "24 h"
at_least = 20
why = "A day collects accidents."

[[case]]
name = "three ports of eight hosts"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..8", dst_port = ["22", "3306", "6379"], every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "one port of many hosts is a horizontal scan"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..60", dst_port = "23", every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM unexplained
WHERE class IN ('syn', 'other')
  AND source IN (
    SELECT source FROM unexplained WHERE class IN ('syn', 'other')
    GROUP BY source HAVING count(DISTINCT target) >= $hosts AND count(DISTINCT door) >= $ports)
