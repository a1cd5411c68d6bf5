/*---
title = "reflected floods"
why = "Amplifiers answer forged requests: many unrelated servers send at once from the port of one service to one port or two of ours, whichever hosts."
cost = "A dozen sources of unrelated networks that all send from one service's port to the same port within an hour, by UDP, which few services answer."

[knob]
networks = { value = 8, why = "unrelated /16 networks (IPv6: /32): fewer may be one attacker's" }
ports = { value = 2, why = "of ours: the forger asked in the name of one service" }

[[case]]
events = [
  { src_ip = ["100.1.9.7", "101.1.9.7", "102.1.9.7", "103.1.9.7", "104.1.9.7", "105.1.9.7", "106.1.9.7", "107.1.9.7", "198.51.100.9"], src_port = 123, dst_ip = "203.0.113.1..12", dst_port = "443", proto = "udp" },
]
---*/
WITH senders AS (
  SELECT source, min(low_src_port) AS service, min(port) AS low, max(port) AS high, min(first_seen) // 3600000000 AS hour
  FROM evidence
  GROUP BY source
  HAVING bool_and(class = 'udp') AND min(low_src_port) = max(high_src_port) AND min(low_src_port) < 1024 AND count(DISTINCT port) <= $ports),
hours AS (SELECT *, unnest([hour - 1, hour]) AS span FROM senders),
floods AS (
  SELECT service, low, high, span
  FROM hours
  GROUP BY service, low, high, span
  HAVING count(DISTINCT provider_of(source)) >= $networks)
SELECT contact
FROM evidence
WHERE source IN (SELECT source FROM hours SEMI JOIN floods USING (service, low, high, span))
