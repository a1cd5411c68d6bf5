/*---
title = "doors that many knock on"
why = "A service that moved, a peer that left or an outage draws many unrelated callers to one door, far more than to the same port of other hosts."
cost = "Only doors that the crowd already knocks on are hidden, and there are few of those on any host; a crowd that is forged has to be sent over as many minutes as it has members, for every door."

[knob]
callers = { value = 8, why = "fewer may be scanners that met by chance" }
times_usual = { value = 5, why = "background radiation knocks on one port of all neighbours alike; a crowd knows one host" }

[[case]]
events = [
  { src_ip = "198.51.100.10..40", dst_ip = "203.0.113.1", dst_port = ["5001", "5002", "5003", "5004", "5005"], every = "1m" },
  { src_ip = "198.51.100.50", dst_ip = "203.0.113.1..12", dst_port = "5001" },
]
---*/
SELECT contact
FROM evidence JOIN meetings USING (target, port, proto)
WHERE class IN ('syn', 'udp') AND usual IS NOT NULL AND callers >= $callers AND callers >= $times_usual * greatest(usual, 1)
  AND (target, door) NOT IN (SELECT (target, door) FROM at_once)
