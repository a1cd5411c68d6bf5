/*---
title = "media of calls that are over"
why = "RTP takes an even port and RTCP the odd port after it, at both ends (RFC 3550, section 11): after each call a gateway still sends to such a pair of the host it spoke with, another pair each time."
cost = "Two hosts, high ports without a known service, a pair of source ports for each pair of ports, and most of the range has to stay untried."

[knob]
hosts = { value = 2, why = "a gateway speaks with a translator and its spare" }
paired = { value = 0.3, why = "of the doors have their partner in the log, source port and all, where half of the lines are lost" }
density = { value = 0.25, why = "of the even ports between the lowest and the highest; calls take them at random, a scan takes them all" }

[[case]]
events = [
  { src_ip = "198.51.100.9", src_port = 17002, dst_ip = "203.0.113.4", dst_port = "10618", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = 17003, dst_ip = "203.0.113.4", dst_port = "10619", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = 18204, dst_ip = "203.0.113.4", dst_port = "14010", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = 18205, dst_ip = "203.0.113.4", dst_port = "14011", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = 16990, dst_ip = "203.0.113.4", dst_port = "12344", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = 16991, dst_ip = "203.0.113.4", dst_port = "12345", proto = "udp" },
]
---*/
WITH media AS (
  SELECT * FROM evidence
  WHERE class = 'udp' AND port >= 1024 AND port NOT IN (FROM service_ports) AND low_src_port >= 1024
    AND port % 2 = low_src_port % 2 AND low_src_port = high_src_port),
pairs AS (
  SELECT source, target, count(*) AS pairs
  FROM media AS rtp JOIN media AS rtcp USING (source, target)
  WHERE rtp.port % 2 = 0 AND rtcp.port = rtp.port + 1 AND rtcp.low_src_port = rtp.low_src_port + 1
  GROUP BY ALL)
SELECT contact
FROM media
SEMI JOIN (
  SELECT source, target
  FROM media JOIN pairs USING (source, target)
  GROUP BY source, target, pairs
  HAVING 2 * pairs >= $paired * count(*)
    AND count(DISTINCT port // 2) <= $density * ((max(port) - min(port)) // 2 + 1)) USING (source, target)
WHERE source IN (SELECT source FROM media GROUP BY source HAVING count(DISTINCT target) <= $hosts)
