/*---
title = "clients that are mostly served"
why = "An office or a carrier behind one address reaches many services of ours; a few of its tries fail."
cost = "Half of all doors an attacker tries have to be open, so they have to be known before."

[[case]]
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..9", dst_port = "443", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..6", dst_port = "8443" },
]
---*/
SELECT contact
FROM evidence
JOIN (SELECT source, count(*) AS open FROM contacts WHERE answered > 0 AND class IN ('syn', 'udp') GROUP BY source) USING (source)
JOIN (SELECT source, count(*) AS closed FROM evidence GROUP BY source) USING (source)
WHERE open >= closed
