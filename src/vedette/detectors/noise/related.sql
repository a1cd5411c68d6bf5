/*---
title = "side connections of a served client"
why = "FTP, RPC, SIP and games agree with a host that serves them on further ports, without a number that anybody knows."
cost = "Only high ports without a known service are hidden, and only on hosts where the source already knows an open door."

[knob]
ports_a_host = { value = 200, why = "a busy client opens dozens; hundreds of different ports are a scan of them" }

[[case]]
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "21", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "30101..30120" },
]
---*/
SELECT contact
FROM evidence
SEMI JOIN (SELECT source, target FROM contacts WHERE answered > 0 AND class IN ('syn', 'udp')) USING (source, target)
SEMI JOIN (
  SELECT source, target FROM evidence
  WHERE class IN ('syn', 'udp') AND port >= 1024 AND port NOT IN (FROM service_ports)
  GROUP BY ALL HAVING count(*) <= $ports_a_host) USING (source, target)
WHERE class IN ('syn', 'udp') AND port >= 1024 AND port NOT IN (FROM service_ports)
