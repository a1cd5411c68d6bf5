/*---
title = "media and tunnel streams"
why = "Calls, games and tunnels send many packets to one high port each; when the firewall forgets them they are refused."
cost = "Ten packets a door, on ports without a known service."

[knob]
packets = { value = 10, why = "scanners send one to three packets a door" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["16384", "16386", "16388", "16390", "16392"], proto = "udp", times = 50, every = "0.02s" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'udp' AND times >= $packets AND port >= 1024 AND port NOT IN (FROM service_ports)
