/*---
title = "Distributed port scan of one host"
kind = "distributed"
also = ["vertical"]
technique = "T1595.001"
choice = "ports"
why = "Many sources with packets of one make appear at once at one host, and share its ports among them."
blind = ["a few dozen sources that knock on one door each", "a host that many always knock on", "a log shorter than twice the scan", "ICMP", "fewer than some twelve sources in an hour"]
sentence = "{sources} sources with packets of one make appeared at once and tried {ports} ports of {targets} hosts between them"

[knob]
share = { value = 0.6, why = "of a member's doors; the rest is what any infected host does besides" }

[[case]]
name = "thirty sources that share the ports of one host"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "100.1..30.9.7", dst_ip = "203.0.113.9", dst_port = "1001..1120", tcp_window = 1024, every = "20s", start = "5h", deal = true },
]
finds = ["100.1.9.7"]

[[case]]
name = "thirty callers of the four ports of a service that moved"
events = [
  { src_ip = "101.1..30.9.7", dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = "100.1..30.9.7", dst_ip = "203.0.113.9", dst_port = ["5001", "5002", "5003", "5004"], every = "20s", start = "5h" },
]
finds = []
---*/
SELECT hash(make, target) AS grp, band, source, hour
FROM knocks JOIN callers USING (web, source)
WHERE NOT web
GROUP BY make, target, band, source, hour, callers.knocks
HAVING count(*) >= $share * callers.knocks
