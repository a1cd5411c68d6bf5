/*---
title = "one program looking for its service"
why = "A mail reader without its settings, a VPN client or a Windows host tries all ports of one purpose at a host or two, and the high ports that go with it."
cost = "All a source may try is the ports of one purpose and a few high ports, at two hosts."

[knob]
hosts = { value = 2, why = "a service and its spare" }
high_ports = { value = 20, why = "RPC and media ports that a program names on the way; more is a scan of them" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["500", "4500", "1701", "1194", "1723"], proto = "udp" }]
---*/
WITH facts AS (
  SELECT source, count(*) FILTER (port < 1024 OR port IN (FROM service_ports)) AS services, count(*) AS doors
  FROM evidence
  WHERE class IN ('syn', 'ack', 'udp')
  GROUP BY source
  HAVING count(DISTINCT target) <= $hosts AND doors - services <= $high_ports
)
SELECT contact
FROM evidence
WHERE class IN ('syn', 'ack', 'udp') AND source IN (
  SELECT source
  FROM evidence JOIN facts USING (source) JOIN purposes USING (port)
  WHERE class IN ('syn', 'ack', 'udp')
  GROUP BY source, purpose, services
  HAVING count(*) >= services)
