/*---
title = "side connections whose first is not in the log"
why = "A log of refusals alone does not show that a client was served; what is refused then are ephemeral ports of one host or two, and nothing else."
cost = "Only ports from 32768 on without a known service, at two hosts."

[knob]
lowest = { value = 32768, why = "where the ephemeral range of common systems begins" }
hosts = { value = 2, why = "a service and its spare" }
ports = { value = 100, why = "a busy client opens dozens" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "50101..50120" }]
---*/
SELECT contact
FROM evidence
WHERE class IN ('syn', 'udp') AND source IN (
  SELECT source FROM evidence
  GROUP BY source
  HAVING bool_and(port >= $lowest AND port NOT IN (FROM service_ports)) AND count(DISTINCT target) <= $hosts AND count(*) <= $ports)
