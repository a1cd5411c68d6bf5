/*---
title = "doors that many knock on"
why = "A service that moved, a peer that left or an outage draws many unrelated callers to one door, far more than to the same port of other hosts."
cost = "Only doors that the crowd already knocks on are hidden, and there are few of those on any host."

[knob]
callers = { value = 8, why = "fewer may be scanners that met by chance" }
times_usual = { value = 5, why = "background radiation knocks on one port of all neighbours alike; a crowd knows one host" }
neighbours = { value = 8, why = "hosts of the same 256 addresses that anybody knocked on: with fewer, nobody can tell what is usual" }

[[case]]
events = [
  { src_ip = "198.51.100.10..40", dst_ip = "203.0.113.1", dst_port = ["5001", "5002", "5003", "5004", "5005"], every = "1m" },
  { src_ip = "198.51.100.50", dst_ip = "203.0.113.1..12", dst_port = "5001" },
]
---*/
SELECT contact
FROM evidence
JOIN (
  SELECT target, port, proto, callers, (sum(callers) OVER (PARTITION BY block, port, proto) - callers) / (hosts - 1) AS usual
  FROM (SELECT *, target >> 8 AS block FROM doors WHERE callers > 0)
  JOIN (SELECT target >> 8 AS block, count(DISTINCT target) AS hosts FROM doors WHERE callers > 0 GROUP BY block HAVING hosts > $neighbours) USING (block)
) USING (target, port, proto)
WHERE class IN ('syn', 'udp') AND callers >= $callers AND callers >= $times_usual * greatest(usual, 1)
