/*---
title = "media of calls that are over"
why = "RTP takes an even port and RTCP the odd port after it, at both ends (RFC 3550, section 11): after each call a gateway still sends to such a pair of the host it spoke with, or to the even one alone, another each time."
cost = "Two hosts, high ports without a known service, a pair of source ports for each pair of ports or even numbers alone at both ends, and most of the range has to stay untried."

[knob]
hosts = { value = 2, why = "a gateway speaks with a translator and its spare" }
paired = { value = 0.3, why = "of the doors have their partner in the log, source port and all, where half of the lines are lost" }
even = { value = 5, why = "doors with even numbers at both ends and none beside: one in a thousand by chance" }
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

[[case]]
name = "media without reports, from another port of the gateway for each call"
events = [
  { src_ip = "198.51.100.9", src_port = [14752, 17126], dst_ip = "203.0.113.4", dst_port = "18486", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = [15464, 16950], dst_ip = "203.0.113.4", dst_port = "23196", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = [12056, 10842], dst_ip = "203.0.113.4", dst_port = "20120", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = [18756], dst_ip = "203.0.113.4", dst_port = "11874", proto = "udp" },
  { src_ip = "198.51.100.9", src_port = [19510], dst_ip = "203.0.113.4", dst_port = "30008", proto = "udp" },
]
---*/
WITH high AS (
  SELECT * FROM evidence
  WHERE class = 'udp' AND port >= 1024 AND port NOT IN (FROM service_ports) AND low_src_port >= 1024),
media AS (SELECT * FROM high WHERE port % 2 = low_src_port % 2 AND low_src_port = high_src_port),
pairs AS (
  SELECT source, target, count(*) AS pairs
  FROM media AS rtp JOIN media AS rtcp USING (source, target)
  WHERE rtp.port % 2 = 0 AND rtcp.port = rtp.port + 1 AND rtcp.low_src_port = rtp.low_src_port + 1
  GROUP BY ALL),
calls AS (
  SELECT source, target
  FROM media JOIN pairs USING (source, target)
  GROUP BY source, target, pairs
  HAVING 2 * pairs >= $paired * count(*)
    AND count(DISTINCT port // 2) <= $density * ((max(port) - min(port)) // 2 + 1)
  UNION
  SELECT source, target FROM high
  GROUP BY source, target
  HAVING count(*) >= $even AND bool_and(port % 2 = 0 AND low_src_port % 2 = 0 AND high_src_port % 2 = 0)
    AND count(DISTINCT port // 2) <= $density * ((max(port) - min(port)) // 2 + 1))
SELECT contact
FROM high SEMI JOIN calls USING (source, target)
WHERE port % 2 = low_src_port % 2 AND source IN (SELECT source FROM high GROUP BY source HAVING count(DISTINCT target) <= $hosts)
