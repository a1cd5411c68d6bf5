/*---
title = "Distributed sweep of one port"
kind = "distributed"
also = ["horizontal"]
technique = "T1595.001"
choice = "targets"
why = "Many sources with packets of one make appear at once, try one port, and share the hosts among them."
blind = ["sources that knock on one door each", "a port that many always knock on", "a log shorter than twice the scan", "UDP and ICMP", "fewer than some twelve sources in an hour"]
sentence = "{sources} sources with packets of one make appeared at once and tried port {port} of {targets} hosts between them"

[knob]
share = { value = 0.6, why = "of a member's doors; the rest is what any infected host does besides" }

[[case]]
name = "thirty sources that share the hosts of a network"
events = [
  { src_ip = ["101.1.9.7", "101.2.9.7", "101.3.9.7", "101.4.9.7", "101.5.9.7", "101.6.9.7", "101.7.9.7", "101.8.9.7", "101.9.9.7", "101.10.9.7", "101.11.9.7", "101.12.9.7", "101.13.9.7", "101.14.9.7", "101.15.9.7", "101.16.9.7", "101.17.9.7", "101.18.9.7", "101.19.9.7", "101.20.9.7", "101.21.9.7", "101.22.9.7", "101.23.9.7", "101.24.9.7", "101.25.9.7", "101.26.9.7", "101.27.9.7", "101.28.9.7", "101.29.9.7", "101.30.9.7"], dst_ip = ["203.0.113.200", "203.0.113.201"], dst_port = "23", every = "12m" },
  { src_ip = ["100.1.9.7", "100.2.9.7", "100.3.9.7", "100.4.9.7", "100.5.9.7", "100.6.9.7", "100.7.9.7", "100.8.9.7", "100.9.9.7", "100.10.9.7", "100.11.9.7", "100.12.9.7", "100.13.9.7", "100.14.9.7", "100.15.9.7", "100.16.9.7", "100.17.9.7", "100.18.9.7", "100.19.9.7", "100.20.9.7", "100.21.9.7", "100.22.9.7", "100.23.9.7", "100.24.9.7", "100.25.9.7", "100.26.9.7", "100.27.9.7", "100.28.9.7", "100.29.9.7", "100.30.9.7"], dst_ip = "203.0.113.1..120", dst_port = "8291", tcp_window = 512, every = "20s", start = "5h", deal = true },
]
finds = ["100.1.9.7"]

[[case]]
name = "radiation on a port that many always knock on"
events = [{ src_ip = ["100.1.9.7", "100.2.9.7", "100.3.9.7", "100.4.9.7", "100.5.9.7", "100.6.9.7", "100.7.9.7", "100.8.9.7", "100.9.9.7", "100.10.9.7", "100.11.9.7", "100.12.9.7", "100.13.9.7", "100.14.9.7", "100.15.9.7", "100.16.9.7", "100.17.9.7", "100.18.9.7", "100.19.9.7", "100.20.9.7", "100.21.9.7", "100.22.9.7", "100.23.9.7", "100.24.9.7", "100.25.9.7", "100.26.9.7", "100.27.9.7", "100.28.9.7", "100.29.9.7", "100.30.9.7"], dst_ip = "203.0.113.1..120", dst_port = "23", every = "15m", deal = true }]
finds = []
---*/
SELECT hash(make, port) AS grp, band, source, hour
FROM knocks JOIN callers USING (web, source)
WHERE NOT web
GROUP BY make, port, band, source, hour, callers.knocks
HAVING count(*) >= $share * callers.knocks
