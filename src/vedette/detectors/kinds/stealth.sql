/*---
title = "Stealth scan"
kind = "stealth"
technique = "T1595.001"
why = "Packets with flags that open no connection (FIN, NULL, XMAS, bare ACK, impossible mixtures, answers to reserved ports) ask a host about its ports without a handshake."
blind = ["SYN-ACK and RST scans of one port or of high ports: they look like the answers of somebody else's victims", "sensors that log no TCP flags"]
sentence = "{count} doors of {targets} hosts tried with TCP flags that open no connection, within {window}"

[[rung]]
window = "1 min"
at_least = 5
why = "No ordinary stack sends such packets to five doors; a broken middlebox damages one connection at a time."

[[rung]]
window = "5 min"
at_least = 5
why = "Room for delays."

[[rung]]
window = "1 h"
at_least = 8
why = "Late packets of several closed connections come in an hour; those with a known shape have noise rules."

[[rung]]
window = "24 h"
at_least = 15
why = "A day collects late packets."

[[case]]
name = "a FIN scan of ten ports"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "20..29", tcp_flags = "F", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "an ACK scan of thirty services"
events = [{ src_ip = "198.51.100.9", src_port = 40000, dst_ip = "203.0.113.4", dst_port = "1..30", tcp_flags = "A", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "SYN-ACKs to thirty reserved ports"
events = [{ src_ip = "198.51.100.9", src_port = 443, dst_ip = "203.0.113.4", dst_port = "1..30", tcp_flags = "SA", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a SYN-ACK to one port of each host in turn"
events = [{ src_ip = "198.51.100.9", src_port = 4711, dst_ip = "203.0.113.1..64", dst_port = "80", tcp_flags = "SA", every = "0.1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "answers of the victim of a flood from forged ports, one of which is reserved"
events = [{ src_ip = "198.51.100.9", src_port = 80, dst_ip = "203.0.113.1..9", dst_port = ["22", "80", "443", "143", "25", "7000", "17000", "27000", "37000", "47000", "57000"], tcp_flags = "SA", every = "1s" }]
finds = []

[[case]]
name = "late answers of a web server to closed connections"
events = [{ src_ip = "198.51.100.9", src_port = 443, dst_ip = "203.0.113.4", dst_port = "50100..50140", tcp_flags = "FA", every = "1s" }]
finds = []

[[case]]
name = "answers of the victim of a flood with forged sources"
events = [{ src_ip = "198.51.100.9", src_port = 80, dst_ip = "203.0.113.1..60", dst_port = "1024", tcp_flags = "SA", every = "1s" }]
finds = []
---*/
SELECT source, class = 'ack' AS grp, contact AS thing, contact
FROM unexplained
WHERE class IN ('stealth', 'ack')
