/*---
title = "Horizontal scan"
kind = "horizontal"
technique = "T1595.001"
why = "One source tries one port of many hosts and is refused: it is looking for whoever offers that service."
blind = ["spread over many sources", "a sweep that every host answers"]
sentence = "refused at port {port} of {count} hosts within {window}"

[[rung]]
window = "1 min"
at_least = 5
why = "Nobody has an errand at one port of five of our hosts that are all closed; mail exchangers have a noise rule."

[[rung]]
window = "5 min"
at_least = 6
why = "Room for delays between hosts."

[[rung]]
window = "1 h"
at_least = 8
why = "Name servers and peers with stale lists try a handful."

[[rung]]
window = "24 h"
at_least = 12
why = "A day collects the stale lists of several programs."

[[case]]
name = "telnet on twenty hosts in twenty seconds"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..20", dst_port = "23", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "a visitor of one open site"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "443", action = "allow", every = "1s", times = 100 }]
finds = []

[[case]]
name = "browsers of one office that try HTTP/3 on twenty sites"
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..20", dst_port = "443", action = "allow", every = "1s" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..20", dst_port = "443", proto = "udp", every = "1s" },
]
finds = []

[[case]]
name = "a manager with an old list, polling twelve hosts for a day"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", dst_port = "161", proto = "udp", every = "25s", rounds = 288 }]
finds = []

[[case]]
name = "a mail server that tries six exchangers and finds one"
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..6", dst_port = "25", every = "5s" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.7", dst_port = "25", action = "allow" },
]
finds = []
---*/
SELECT source, door AS grp, contact AS thing, contact
FROM unexplained
WHERE class IN ('syn', 'other')
