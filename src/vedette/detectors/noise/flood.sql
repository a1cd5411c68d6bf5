/*---
title = "floods of datagrams"
why = "Hacked servers of many networks send to one host at once, to whatever port: what counts is the volume."
cost = "Addresses of eight unrelated networks at once, for UDP ports of one host or two that nobody runs a service on."

[knob]
networks = { value = 8, why = "unrelated /16 networks (IPv6: /32): fewer may be one attacker's" }
minutes = { value = 10, why = "in which they begin; who is paid for a flood is paid for minutes" }
hosts = { value = 2, why = "of ours: a flood has a victim" }
doors = { value = 5, why = "of each, at least" }
service_share = { value = 0.3, why = "ports at random hit a known service now and then" }

[[case]]
events = [
  { src_ip = "100.1..9.9.7", src_port = 4711, dst_ip = "203.0.113.4", dst_port = ["14551", "32767", "9741", "45905", "26832", "47099", "59672", "65464"], proto = "udp", every = "0.1s" },
]
---*/
WITH senders AS (
  SELECT source, min(target) AS victim, min(first_seen) // ($minutes * 60000000) AS span
  FROM evidence
  WHERE class = 'udp'
  GROUP BY source
  HAVING count(DISTINCT target) <= $hosts AND count(*) >= $doors AND avg((port < 1024 OR port IN (FROM service_ports))::INTEGER) < $service_share),
spans AS (SELECT source, victim, unnest([span - 1, span]) AS span FROM senders),
floods AS (
  SELECT victim, span FROM spans
  GROUP BY victim, span
  HAVING count(DISTINCT provider_of(source)) >= $networks)
SELECT contact FROM evidence
WHERE class = 'udp' AND source IN (SELECT source FROM spans SEMI JOIN floods USING (victim, span))
