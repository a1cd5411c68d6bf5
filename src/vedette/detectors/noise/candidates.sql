/*---
title = "ends of a call that look for each other"
why = "Programs of calls, cameras and games without a server try all ports at which the other end may be behind its translator (ICE, RFC 8445; the next ports up from the last): a dozen at once, from one port of their own."
cost = "Forty-eight high ports of one host, by UDP, up to sixteen from one source port and next to none of a known service: nothing that a scan is after."

[knob]
doors = { value = 16, why = "candidates that one end names, from one port of its own" }
bursts = { value = 3, why = "attempts of a few days" }
least = { value = 4, why = "candidates of an attempt: a tool that takes another source port for each probe is no end of a call" }
density = { value = 0.25, why = "of the ports between the lowest and the highest; a range in order is a scan, unless it comes at once" }
seconds = { value = 3, why = "between the first and the last of a range that comes at once" }
service_share = { value = 0.3, why = "ports at random hit a known service now and then" }

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 51588, dst_ip = "203.0.113.4", dst_port = ["41202", "14551", "32767", "9741", "45905", "26832", "47099", "59672", "65464"], proto = "udp", every = "0.02s", rounds = 3 }]

[[case]]
events = [
  { src_ip = "198.51.100.9", src_port = 51588, dst_ip = "203.0.113.4", dst_port = "31202..31213", proto = "udp", every = "0.03s" },
  { src_ip = "198.51.100.9", src_port = 48211, dst_ip = "203.0.113.4", dst_port = "17801..17809", proto = "udp", every = "0.03s", start = "9h" },
]
---*/
WITH bursts AS (
  SELECT source, low_src_port, count(*) AS doors, max(target) AS target, min(target) = max(target) AS same,
    sum((port IN (FROM service_ports))::INTEGER) AS services,
    bool_and(class = 'udp' AND port >= 1024 AND low_src_port = high_src_port AND low_src_port >= 1024) AS high,
    count(*) <= $density * (max(port) - min(port) + 1) OR max(first_seen) - min(first_seen) <= $seconds * 1000000 AS called
  FROM evidence
  GROUP BY source, low_src_port)
SELECT contact
FROM evidence
WHERE class = 'udp' AND source IN (
  SELECT source
  FROM bursts
  GROUP BY source
  HAVING bool_and(high AND same AND called) AND min(target) = max(target) AND max(doors) <= $doors AND count(*) <= $bursts
    AND sum(doors) >= $least * count(*) AND sum(services) < $service_share * sum(doors))
