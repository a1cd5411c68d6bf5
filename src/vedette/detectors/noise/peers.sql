/*---
title = "peers of a peer-to-peer network"
why = "Peers remember addresses: each of our hosts at a random port of its own, long after the program is gone."
cost = "One or two random high ports a host, never the same port on two hosts: that maps nothing."

[knob]
ports_a_host = { value = 2, why = "a program's port for UDP and one for TCP" }
dense = { value = 0.5, why = "of the ports between the lowest and the highest: programs choose at random" }
many = { value = 16, why = "ports; of fewer more may lie close together by chance" }
few = { value = 4, why = "ports from which programs that choose at random hardly ever choose all in one neighbourhood" }
near = { value = 0.05, why = "of the ports between the lowest and the highest of a few: the neighbourhood of a service is searched by whoever looks for it" }

[[case]]
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1", dst_port = "50111", proto = "udp" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.2", dst_port = "50222", proto = "udp" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.3", dst_port = "50333", proto = "udp" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "50444", proto = "udp" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.5", dst_port = "50555", proto = "udp" },
]
---*/
SELECT contact
FROM evidence
SEMI JOIN (
  SELECT source FROM evidence WHERE class IN ('syn', 'udp') AND port >= 1024 GROUP BY source
  HAVING count(DISTINCT port) < $few
    OR count(DISTINCT port) < CASE WHEN count(DISTINCT port) < $many THEN $near ELSE $dense END * (max(port) - min(port) + 1)) USING (source)
SEMI JOIN (SELECT source, port FROM evidence WHERE class IN ('syn', 'udp') GROUP BY ALL HAVING count(DISTINCT target) = 1) USING (source, port)
SEMI JOIN (
  SELECT source, target FROM evidence
  WHERE class IN ('syn', 'udp') AND port >= 1024 AND port NOT IN (FROM service_ports)
  GROUP BY ALL HAVING count(*) <= $ports_a_host) USING (source, target)
WHERE class IN ('syn', 'udp') AND port >= 1024 AND port NOT IN (FROM service_ports)
