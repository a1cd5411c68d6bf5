/*---
title = "ICMP sweep"
kind = "icmp_sweep"
technique = "T1595.001"
why = "One source pings many hosts in a short time: it is looking for who is there."
blind = ["fewer than thirty hosts a day", "a sweep that pings every host again and again for hours (noise/poller.sql)", "sweeps whose every ping is let in", "a sensor that logs no ICMP"]
sentence = "pinged {count} hosts within {window}"

[[rung]]
window = "1 min"
at_least = 6
why = "People ping one host, or a few by hand."

[[rung]]
window = "5 min"
at_least = 10
why = "Room for delays."

[[rung]]
window = "1 h"
at_least = 40
why = "Monitors spread their pings evenly, and their first round of many hosts looks like a slow sweep."

[[rung]]
window = "24 h"
at_least = 30
why = "Monitors come back to the same hosts within minutes, which noise/poller.sql sees; thirty that nobody comes back to are a search."

[[case]]
name = "forty hosts pinged in forty seconds"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..40", proto = "icmp", icmp_type = 8, every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "one host pinged every five minutes, fifty in all"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..50", proto = "icmp", icmp_type = 8, every = "5m" }]
finds = ["198.51.100.9"]

[[case]]
name = "a monitor that pings forty hosts every half hour, all day"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..40", proto = "icmp", icmp_type = 8, every = "45s", rounds = 48 }]
finds = []

[[case]]
name = "twelve hosts that let pings in, pinged once each"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", proto = "icmp", icmp_type = 8, action = "allow", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a monitor of twelve hosts that let pings in"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", proto = "icmp", icmp_type = 8, action = "allow", every = "25s", rounds = 288 }]
finds = []

[[case]]
name = "one host pinged for an hour"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1", proto = "icmp", icmp_type = 8, every = "1s", times = 3600 }]
finds = []

[[case]]
name = "a monitor that pings twelve hosts every five minutes, all day"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", proto = "icmp", icmp_type = 8, every = "25s", rounds = 288 }]
finds = []
---*/
SELECT source, 0 AS grp, target AS thing, contact
FROM unexplained
WHERE class = 'icmp'
