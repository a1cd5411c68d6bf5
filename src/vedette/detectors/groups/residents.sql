/*---
title = "Network that scans for days"
kind = "distributed"
technique = "T1595.001"
choice = "doors"
why = "Far more addresses of one /24, or /64s of one IPv6 /48, knock with packets of one make than a network of this log has, on closed doors of many ports, and hardly ever on the same one: whoever holds the network measures, from all of it."
blind = ["packets with the mark of Mirai: its bots work each for itself", "fewer than some fifteen addresses of a network", "ICMP"]
sentence = "{sources} addresses of one network were refused at {doors} different doors ({ports} ports of {targets} hosts), with fewer repeats than chance has"

[knob]
alike = { value = 0.6, why = "of a member's doors that packets of one make tried" }
least_ports = { value = 8, why = "infected hosts of an access network look for the few ports that their worm knows" }

[[case]]
name = "forty addresses of one /24, an hour apart, that share a list of doors"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "198.51.100.1..40", dst_ip = "203.0.113.1..12", dst_port = ["22", "445", "3389", "8080", "5900", "1433", "6379", "9200", "27017", "8443"], every = "12m", deal = true },
]
finds = ["198.51.100.1"]

[[case]]
name = "forty infected hosts of an access network"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "198.51.100.1..40", dst_ip = "203.0.113.1..60", dst_port = ["23", "2323"], every = "12m", deal = true },
]
finds = []
---*/
SELECT hash(network, make) AS grp, 0 AS band, source, NULL::BIGINT AS hour
FROM callers JOIN knocks USING (web, source)
WHERE NOT web AND make <> -1 AND (network, make) IN (
  SELECT (network, make) FROM callers JOIN knocks USING (web, source) WHERE NOT web GROUP BY network, make HAVING count(DISTINCT door) >= $least_ports)
GROUP BY network, make, source, callers.knocks
HAVING count(*) >= $alike * callers.knocks
