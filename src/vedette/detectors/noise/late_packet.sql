/*---
title = "late packets of closed connections"
why = "Packets with ACK to a port that nobody runs a service on belong to a connection that the firewall has forgotten."
cost = "Only high ports without a known service can be tried unseen with such packets."

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 25461, dst_ip = "203.0.113.4", dst_port = "50101..50120", tcp_flags = "FA" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'ack' AND port >= 1024 AND port NOT IN (FROM service_ports)
