/*---
title = "Distributed scan from one network"
kind = "distributed"
technique = "T1595.001"
choice = "doors"
why = "Many addresses of one /24, or /64s of one IPv6 /48, knock with packets of one make on a few closed doors each, and hardly ever on the same one: they share one list."
blind = ["packets with the mark of Mirai: its bots work each for itself", "sources that appear over days, a few in an hour (see residents)", "ICMP", "sources that share a network only in a routing table"]
sentence = "{sources} addresses of one network were refused at {doors} different doors ({ports} ports of {targets} hosts), with fewer repeats than chance has"

[knob]
share = { value = 0.6, why = "of a member's doors that packets of one make tried" }
times_usual = { value = 3, why = "times the sources of a large network; access networks are full of infected hosts" }

[[case]]
name = "thirty addresses of one /24 that share a list of doors"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "198.51.100.1..30", dst_ip = "203.0.113.1..30", dst_port = ["22", "445", "3389", "8080"], every = "1m", start = "5h", deal = true },
]
finds = ["198.51.100.1"]

[[case]]
name = "an office of thirty that tries the same moved services"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "198.51.100.1..30", dst_ip = "203.0.113.1", dst_port = ["8443", "8080", "993"], every = "1m", start = "5h" },
]
finds = []
---*/
SELECT hash(network, make) AS grp, 0 AS band, source, hour
FROM callers JOIN knocks USING (web, source)
WHERE NOT web AND make <> -1 AND network IN (SELECT network FROM networks WHERE sources >= $times_usual * usual)
GROUP BY network, make, source, hour, callers.knocks
HAVING count(*) >= $share * callers.knocks
