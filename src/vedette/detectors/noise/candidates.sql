/*---
title = "ends of a call that look for each other"
why = "Programs of calls and games without a server try all ports at which the other end may be behind its translator (ICE, RFC 8445): a dozen at random, from one port of their own."
cost = "Sixteen high ports of one host, by UDP from one source port, far apart and next to none of a known service: nothing that a scan is after."

[knob]
doors = { value = 16, why = "candidates that one end names" }
service_share = { value = 0.3, why = "ports at random hit a known service now and then" }
density = { value = 0.25, why = "of the ports between the lowest and the highest; a range in order is a scan" }

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 51588, dst_ip = "203.0.113.4", dst_port = ["41202", "14551", "32767", "9741", "45905", "26832", "47099", "59672", "65464"], proto = "udp", every = "0.02s", rounds = 3 }]
---*/
SELECT contact
FROM evidence
WHERE class = 'udp' AND source IN (
  SELECT source
  FROM evidence
  GROUP BY source
  HAVING bool_and(class = 'udp' AND port >= 1024) AND count(*) <= $doors AND count(DISTINCT target) = 1
    AND min(low_src_port) = max(high_src_port) AND min(low_src_port) >= 1024
    AND avg((port IN (FROM service_ports))::INTEGER) < $service_share
    AND count(*) <= $density * (max(port) - min(port) + 1))
