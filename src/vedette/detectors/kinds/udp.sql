/*---
title = "UDP scan"
kind = "udp"
technique = "T1595.001"
why = "One source sends UDP to many refused doors: it is looking for services that answer without a connection."
blind = ["random high ports from a service's port: late replies look so", "more than ten packets a door on high ports: media streams look so"]
sentence = "UDP refused at {count} doors of {targets} hosts within {window}"

[[rung]]
window = "1 min"
at_least = 5
why = "Late replies and media have noise rules; nothing else sends to five closed doors a minute."

[[rung]]
window = "5 min"
at_least = 8
why = "Room for delays, which UDP scans have: closed ports are rate-limited."

[[rung]]
window = "1 h"
at_least = 12
why = "Peers and resolvers with stale lists try a handful."

[[rung]]
window = "24 h"
at_least = 30
why = "UDP needs no connection, so a day collects the traffic of others' mistakes and forgeries."

[[case]]
name = "twenty UDP services of one host"
events = [{ src_ip = "198.51.100.9", src_port = 50000, dst_ip = "203.0.113.4", dst_port = "100..119", proto = "udp", every = "2s" }]
finds = ["198.51.100.9"]

[[case]]
name = "late answers of a resolver"
events = [{ src_ip = "198.51.100.9", src_port = 53, dst_ip = "203.0.113.4", dst_port = "40000..40060", proto = "udp", every = "1s" }]
finds = []

[[case]]
name = "traceroute"
events = [{ src_ip = "198.51.100.9", src_port = 40123, dst_ip = "203.0.113.4", dst_port = "33434..33466", proto = "udp", every = "1s" }]
finds = []
---*/
SELECT source, 0 AS grp, contact AS thing, contact
FROM unexplained
WHERE class = 'udp'
