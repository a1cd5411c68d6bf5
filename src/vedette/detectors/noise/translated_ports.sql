/*---
title = "ports that a translator lent"
why = "A peer of somebody behind our translator goes on sending, from its one port, to the ports that the translator lent: high ones at random, over days."
cost = "UDP to two hosts from one source port, high ports without a known service, minutes between them for hours, and most of the range has to stay untried."

[knob]
hosts = { value = 2, why = "a translator and its spare" }
service_share = { value = 0.3, why = "ports at random hit a known service now and then" }
density = { value = 0.25, why = "of the ports between the lowest and the highest: a translator lends them at random, a scan goes through them" }
minutes = { value = 5, why = "between two ports on average: whoever guesses ports by UDP does not wait so long" }
hours = { value = 6, why = "life of the whole; an attempt at a call is over sooner" }
ports = { value = 200, why = "in the days of a log; more is a scan of them" }

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 51413, dst_ip = "203.0.113.4", dst_port = ["48468", "22446", "26601", "26617", "51137", "25305", "50679", "38981", "31979"], proto = "udp", every = "2h" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'udp' AND port >= 1024 AND source IN (
  SELECT source FROM evidence
  WHERE class = 'udp'
  GROUP BY source
  HAVING min(low_src_port) = max(high_src_port) AND min(low_src_port) >= 1024 AND count(DISTINCT target) <= $hosts AND count(*) <= $ports
    AND max(last_seen) - min(first_seen) >= greatest($hours * 60, $minutes * count(*)) * 60000000
    AND bool_and(port >= 1024) AND avg((port IN (FROM service_ports))::INTEGER) < $service_share
    AND count(DISTINCT port) <= $density * (max(port) - min(port) + 1))
