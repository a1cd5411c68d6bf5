/*---
title = "hosts that a crowd still knows"
why = "An address that was somebody else's, or a service that is down, draws callers that each try a few doors of one list there, and find the same doors of its neighbours of no interest."
cost = "Four other sources have to come to the same few doors of the same host, at other times, which a scanner's own addresses would have to do again and again; the host may not have been scanned by anybody else."

[knob]
others = { value = 4, why = "other callers of the doors that a source tried: fewer may be scanners that met by chance" }
each = { value = 0.5, why = "other callers of a door, on average: members of a scan in shares do not meet" }
times_usual = { value = 5, why = "what knocks on the ports of all neighbours alike is radiation; a crowd knows one host" }
doors = { value = 24, why = "of one source at one host: a list that a program holds" }
list = { value = 40, why = "doors of the host at which two met that do not meet at its neighbours: with more, scanners did" }

[[case]]
events = [
  { src_ip = "198.51.100.50", dst_ip = "203.0.113.1..12", dst_port = "23" },
  { src_ip = "198.51.100.10", dst_ip = "203.0.113.20", dst_port = "5901..5904", every = "20s" },
  { src_ip = "198.51.101.10", dst_ip = "203.0.113.20", dst_port = "5903..5908", every = "20s", start = "3m" },
  { src_ip = "198.51.102.10", dst_ip = "203.0.113.20", dst_port = "5902..5903", every = "20s", start = "5m" },
  { src_ip = "198.51.103.10", dst_ip = "203.0.113.20", dst_port = "5907..5909", every = "20s", start = "8m" },
  { src_ip = "198.51.104.10", dst_ip = "203.0.113.20", dst_port = "5905", every = "20s", start = "9m" },
  { src_ip = "198.51.105.10", dst_ip = "203.0.113.20", dst_port = "5904..5909", every = "20s", start = "11m" },
  { src_ip = "198.51.106.10", dst_ip = "203.0.113.20", dst_port = "5906..5908", every = "20s", start = "13m" },
]
---*/
WITH lists AS (
  SELECT target FROM meetings GROUP BY target
  HAVING count(CASE WHEN callers > 1 AND callers >= $times_usual * usual THEN 1 END) BETWEEN 2 AND $list),
sets AS (
  SELECT source, target
  FROM evidence JOIN meetings USING (target, port, proto) SEMI JOIN lists USING (target)
  WHERE class IN ('syn', 'udp') AND usual IS NOT NULL
  GROUP BY source, target
  HAVING count(*) <= $doors AND bit_count(bit_or(mask)) > $others
    AND sum(callers - 1) >= $each * count(*) AND sum(callers - 1) >= $times_usual * sum(usual)
    AND bool_and((target, door) NOT IN (SELECT (target, door) FROM at_once)))
SELECT contact FROM evidence SEMI JOIN sets USING (source, target) WHERE class IN ('syn', 'udp')
