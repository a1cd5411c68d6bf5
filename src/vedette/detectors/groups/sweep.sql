/*---
title = "Distributed sweep of one port"
kind = "distributed"
also = ["horizontal"]
technique = "T1595.001"
choice = "targets"
why = "Many sources with packets of one make appear at once, try one port, and share the hosts among them."
blind = ["a few dozen sources that knock on one door each", "a port that many always knock on", "a log shorter than twice the scan", "ICMP", "fewer than some twelve sources in an hour"]
sentence = "{sources} sources with packets of one make appeared at once and tried {port} of {targets} hosts between them"

[knob]
share = { value = 0.6, why = "of a member's doors; the rest is what any infected host does besides" }

[[case]]
name = "thirty sources that share the hosts of a network"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "100.1..30.9.7", dst_ip = "203.0.113.1..120", dst_port = "8291", tcp_window = 512, every = "20s", start = "5h", deal = true },
]
finds = ["100.1.9.7"]

[[case]]
name = "radiation on a port that many always knock on"
events = [{ src_ip = "100.1..30.9.7", dst_ip = "203.0.113.1..120", dst_port = "23", every = "15m", deal = true }]
finds = []
---*/
SELECT hash(make, door) AS grp, band, source, hour
FROM knocks JOIN callers USING (web, source)
WHERE NOT web
GROUP BY make, door, band, source, hour, callers.knocks
HAVING count(*) >= $share * callers.knocks
