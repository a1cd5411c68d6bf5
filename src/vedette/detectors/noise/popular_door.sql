/*---
title = "doors that many knock on"
why = "A service that moved, a peer that left or an outage draws many unrelated callers to one door, far more than to the same port of other hosts."
cost = "Only doors that the crowd already knocks on are hidden, and there are few of those on any host; a crowd that is forged has to be sent over as many minutes as it has members, for every door."

[knob]
callers = { value = 8, why = "fewer may be scanners that met by chance" }
times_usual = { value = 5, why = "background radiation knocks on one port of all neighbours alike; a crowd knows one host" }
together = { value = 0.5, why = "of the callers of a door who try other closed doors too, so many at different times: forged sources of a scan (decoys) come with it, to the second" }
neighbours = { value = 8, why = "hosts of the same 256 addresses that anybody knocked on: with fewer, nobody can tell what is usual" }

[[case]]
events = [
  { src_ip = "198.51.100.10..40", dst_ip = "203.0.113.1", dst_port = ["5001", "5002", "5003", "5004", "5005"], every = "1m" },
  { src_ip = "198.51.100.50", dst_ip = "203.0.113.1..12", dst_port = "5001" },
]
---*/
WITH at_once AS (
  SELECT target, door FROM evidence
  GROUP BY target, door
  HAVING count(*) > 2 AND count(DISTINCT first_seen // 60000000) < $together * count(*)),
known AS (SELECT *, target >> 8 AS block FROM doors WHERE callers > 0),
hot AS (SELECT * FROM known WHERE callers >= $callers),
blocks AS (
  SELECT block, count(DISTINCT target) AS hosts FROM known SEMI JOIN hot USING (block) GROUP BY block HAVING hosts > $neighbours),
alike AS (SELECT block, port, proto, sum(callers) AS all_callers FROM known SEMI JOIN hot USING (block, port, proto) GROUP BY ALL)
SELECT contact
FROM evidence
JOIN (
  SELECT target, port, proto, callers, (all_callers - callers) / (hosts - 1) AS usual
  FROM hot JOIN blocks USING (block) JOIN alike USING (block, port, proto)
) USING (target, port, proto)
WHERE class IN ('syn', 'udp') AND callers >= $times_usual * greatest(usual, 1)
  AND (target, door) NOT IN (SELECT (target, door) FROM at_once)
