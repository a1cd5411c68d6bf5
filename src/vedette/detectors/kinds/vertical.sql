/*---
title = "Vertical scan"
kind = "vertical"
technique = "T1595.001"
why = "One source tries many ports of one host and is refused: it is looking for what listens there."
blind = ["spread over many sources", "ports that answer: an open door is an ordinary explanation"]
sentence = "refused at {count} ports of {target} within {window}"

[knob]
ports = { value = 5, why = "that many packets of SCTP and the like to one host stand for at least, which are logged without ports (see contacts)" }

[[rung]]
window = "1 min"
at_least = 5
why = "A client that is refused tries one or two other ports, a mail reader at most eight of one purpose, which has a noise rule."

[[rung]]
window = "5 min"
at_least = 6
why = "The polite delays of scanners (0.4 s to 15 s) fit in; retries of one program do not reach six doors."

[[rung]]
window = "1 h"
at_least = 8
why = "An office behind one address tries a few closed doors an hour."

[[rung]]
window = "24 h"
at_least = 12
why = "A day collects accidents of many users of one address, so it asks for more."

[[case]]
name = "thirty ports in thirty seconds"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "1..30", every = "1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "sixty ports of SCTP, which a firewall logs without their numbers"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", proto = "sctp", times = 60, every = "0.1s" }]
finds = ["198.51.100.9"]

[[case]]
name = "an association that is tried again as the protocol says"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..4", proto = "sctp", times = 9, every = "10s" }]
finds = []

[[case]]
name = "twelve ports, five minutes apart each"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "20..31", every = "5m" }]
finds = ["198.51.100.9"]

[[case]]
name = "a mail reader without its settings, at a host that is gone"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["993", "143", "995", "110", "465", "587", "25", "443"], every = "1s" }]
finds = []

[[case]]
name = "passive FTP with a server whose control port is open"
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "21", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "50100..50140", start = "2s", every = "1s" },
]
finds = []

[[case]]
name = "one closed door, knocked on a thousand times"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "25", every = "1s", times = 1000 }]
finds = []
---*/
SELECT source, target AS grp, contact AS thing, contact
FROM unexplained
WHERE class IN ('syn', 'other')
UNION ALL
SELECT source, target, xor(contact, number), contact
FROM unexplained, range(1, $ports) AS counted(number)
WHERE portless
