/*---
title = "one set that many know"
why = "Players who refresh a list of servers, members of a cluster that is gone: unrelated sources know the very same high UDP ports of one host, each at its own time and none beside them."
cost = "Five addresses of unrelated networks in five different hours, to try once what one could try alone; a split list, a list that differs, and decoys, who come at once, are not hidden."

[knob]
networks = { value = 5, why = "unrelated /16 networks (IPv6: /32) with the same set: fewer may be copies of one program of one attacker" }
hosts = { value = 1, why = "a service lives at a host" }
service_share = { value = 0.3, why = "a range of high ports holds a few that are also services" }
ports = { value = 64, why = "a list that a program can hold" }

[[case]]
events = [
  { src_ip = "198.51.100.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "26101..26112", proto = "udp" },
  { src_ip = "192.0.2.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "26101..26112", proto = "udp", start = "2h" },
  { src_ip = "100.64.1.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "26101..26112", proto = "udp", start = "5h" },
  { src_ip = "100.65.1.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "26101..26112", proto = "udp", start = "7h" },
  { src_ip = "100.66.1.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "26101..26112", proto = "udp", start = "11h" },
]
---*/
WITH sets AS (
  SELECT source, min(target) AS target, bit_xor(hash(door)) AS doors, min(first_seen) // 3600000000 AS hour
  FROM evidence
  WHERE class IN ('syn', 'ack', 'stealth', 'udp', 'other')
  GROUP BY source
  HAVING bool_and(class = 'udp' AND port >= 1024) AND avg((port IN (FROM service_ports))::INTEGER) < $service_share
    AND count(DISTINCT target) <= $hosts AND count(*) <= $ports)
SELECT contact
FROM evidence
SEMI JOIN (
  SELECT source
  FROM sets
  JOIN (
    SELECT target, doors FROM sets GROUP BY ALL
    HAVING count(DISTINCT CASE WHEN source >> 32 = 65535 THEN source >> 16 ELSE source >> 32 END) >= $networks
      AND count(DISTINCT hour) >= $networks) USING (target, doors)) USING (source)
WHERE class = 'udp'
