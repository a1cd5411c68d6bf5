/*---
title = "OS fingerprinting"
kind = "os_fingerprint"
technique = "T1595.001"
why = "One source sends one host several shapes of TCP flags that mean nothing, to tell its operating system by the answers."
blind = ["passive fingerprinting", "fingerprinting by open connections alone", "sensors that log no TCP flags"]
sentence = "{count} shapes of meaningless TCP flags sent to {target} within {window}"

[knob]
telling = { value = 43, why = "SYN, FIN, PSH and URG together: the shape that fingerprinting tools share and port scans lack" }

[[rung]]
window = "1 min"
at_least = 2
why = "A damaged packet shows one shape; a scan of ports uses one."

[[case]]
name = "the probes of an OS test"
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "80", tcp_flags = ["SFPU", "FPU"], every = "1s" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "80", tcp_flags = "", start = "3s", times = 3, every = "1s" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["22", "25"], start = "6s", every = "1s" },
]
finds = ["198.51.100.9"]

[[case]]
name = "a FIN scan uses one shape"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = "20..29", tcp_flags = "F", every = "1s" }]
finds = []
---*/
SELECT source, target AS grp, shape AS thing, contact
FROM unexplained
WHERE class = 'stealth'
  AND (source, target) IN (SELECT (source, target) FROM unexplained WHERE class = 'stealth' AND shape = $telling)
