/*---
title = "backscatter"
reads = "events"
why = "SYN-ACK, RST, ICMP errors and echo replies answer packets that somebody sent in our name, or that we sent."
cost = "A scan by such packets learns only what a host does with answers it never asked for; it is not looked at here."

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 80, dst_ip = "203.0.113.1..9", dst_port = "1024", tcp_flags = "SA" }]
---*/
SELECT source_key(src_hi, src_lo) AS source, count(*) AS events
FROM events
WHERE (tcp_flags & 22 > 2 OR icmp_type IS NOT NULL) AND class_number(proto, tcp_flags, icmp_type) = 6
GROUP BY source
