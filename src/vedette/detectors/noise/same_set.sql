/*---
title = "one set that many know"
why = "Players who refresh a list of servers, members of a cluster that is gone: several sources know the same high ports of one host or two, each at its own time and hardly any beside them; callers of a service that moved away know the same few doors whatever their ports."
cost = "Five addresses of two unrelated networks at different minutes of every door, to try once what one could try alone; a split list and decoys, who come at once, are not hidden; doors of known services take eight with the very same list, in as many hours."

[knob]
sources = { value = 5, why = "with the same set: fewer may be copies of one program of one attacker" }
networks = { value = 2, why = "/16 networks (IPv6: /32) of these sources: one network may be one attacker's" }
crowd = { value = 8, why = "sources with the same set, and different hours in which they came, where the ports are those of services" }
crowd_networks = { value = 3, why = "/16 networks (IPv6: /32) of such sources" }
crowd_doors = { value = 24, why = "of such a set, at as many hosts as a service has" }
crowd_hosts = { value = 8, why = "a service and its spares" }
apart = { value = 0.5, why = "of the callers of a door, so many at different minutes: forged sources come together" }
hosts = { value = 2, why = "a service lives at a host and its spare" }
same = { value = 0.8, why = "of the doors of a source that the others know too: not everybody has the whole list, and lines are lost" }
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

[[case]]
name = "sidecars of a mesh that call the endpoints of a worker that is gone"
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["21101", "24512", "22903", "30044", "28005", "26006"], every = "100s" },
  { src_ip = "198.51.100.10", dst_ip = "203.0.113.4", dst_port = ["24512", "21101", "30044", "22903", "26006", "28005"], every = "170s" },
  { src_ip = "198.51.100.11", dst_ip = "203.0.113.4", dst_port = ["28005", "26006", "21101", "24512", "22903", "30044"], every = "230s" },
  { src_ip = "192.0.2.12", dst_ip = "203.0.113.4", dst_port = ["26006", "22903", "28005", "21101", "30044", "24512"], every = "130s" },
  { src_ip = "192.0.2.13", dst_ip = "203.0.113.4", dst_port = ["30044", "28005", "24512", "26006", "21101", "22903"], every = "290s" },
]

[[case]]
name = "homes that call the four doors of a mail server that moved away"
events = [
  { src_ip = "100.1.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"] },
  { src_ip = "100.2.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "1h" },
  { src_ip = "100.3.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "2h" },
  { src_ip = "100.4.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "4h" },
  { src_ip = "100.5.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "5h" },
  { src_ip = "100.6.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "7h" },
  { src_ip = "100.7.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "9h" },
  { src_ip = "100.8.9.7", dst_ip = "203.0.113.4", dst_port = ["443", "993", "587", "8443", "25"], start = "12h" },
]
---*/
WITH sets AS (
  SELECT source
  FROM evidence
  WHERE class IN ('syn', 'ack', 'stealth', 'udp', 'other')
  GROUP BY source
  HAVING bool_and(class IN ('syn', 'udp') AND port >= 1024) AND avg((port IN (FROM service_ports))::INTEGER) < $service_share
    AND count(DISTINCT target) <= $hosts AND count(*) <= $ports),
called AS (
  SELECT target, door
  FROM evidence SEMI JOIN sets USING (source)
  WHERE class IN ('syn', 'udp')
  GROUP BY target, door
  HAVING count(*) >= $sources AND count(DISTINCT first_seen // 60000000) >= $apart * count(*)
    AND count(DISTINCT provider_of(source)) >= $networks),
known AS (
  SELECT source
  FROM evidence SEMI JOIN sets USING (source)
  WHERE class IN ('syn', 'udp')
  GROUP BY source
  HAVING avg(((target, door) IN (SELECT (target, door) FROM called))::INTEGER) >= $same),
small AS (
  SELECT source, bit_xor(hash(target, door)) AS doors, min(first_seen) // 3600000000 AS hour
  FROM evidence
  GROUP BY source
  HAVING bool_and(class IN ('syn', 'udp')) AND count(*) <= $crowd_doors AND count(DISTINCT target) <= $crowd_hosts),
crowds AS (
  SELECT doors FROM small GROUP BY doors
  HAVING count(*) >= $crowd AND count(DISTINCT hour) >= $crowd
    AND count(DISTINCT provider_of(source)) >= $crowd_networks)
SELECT contact
FROM evidence SEMI JOIN (
  SELECT source FROM known
  UNION ALL SELECT source FROM small SEMI JOIN crowds USING (doors)) USING (source)
WHERE class IN ('syn', 'udp')
