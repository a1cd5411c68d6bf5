/*---
title = "Scan from one IPv6 site"
kind = "distributed"
technique = "T1595.001"
choice = "doors"
least = 3
why = "A site has a /48 (RFC 6177), and whoever takes another /64 of it for each few doors is one scanner: several of its /64s were refused at doors of known services, and hardly ever at the same."
blind = ["two /64s", "addresses of a provider who gives out single /64s", "prefixes that have nothing in common"]
sentence = "{sources} networks (/64) of one IPv6 site were refused at {doors} different doors ({ports} ports of {targets} hosts), with fewer repeats than chance has"

[knob]
services = { value = 0.5, why = "of a member's doors that are ports of known services: peers and late answers come to others" }

[[case]]
name = "six /64s of a /48 that try four doors each"
events = [{ src_ip = ["2001:db9:7:1::5", "2001:db9:7:2::5", "2001:db9:7:3::5", "2001:db9:7:4::5", "2001:db9:7:5::5", "2001:db9:7:6::5"], dst_ip = "2001:db8::1..6", dst_port = ["22", "443", "8443", "3389"], every = "5m", deal = true }]
finds = ["2001:db9:7:1::/64"]

[[case]]
name = "six /64s of an office that look for a mail server that moved"
events = [{ src_ip = ["2001:db9:7:1::5", "2001:db9:7:2::5", "2001:db9:7:3::5", "2001:db9:7:4::5", "2001:db9:7:5::5", "2001:db9:7:6::5"], dst_ip = "2001:db8::1", dst_port = ["25", "465", "587", "993"], every = "5m" }]
finds = []
---*/
SELECT hash(network) AS grp, 0 AS band, source, NULL::BIGINT AS hour
FROM callers JOIN knocks USING (web, source)
WHERE NOT web AND source >> 32 <> 65535
GROUP BY network, source
HAVING avg((door & 65535 < 1024 OR door & 65535 IN (FROM service_ports))::INTEGER) >= $services
