/*---
title = "one set in rounds"
why = "Members of a cluster that moved, a monitor or an inventory with an old list come back to all of one small set for days, even where the log keeps few of their lines."
cost = "A list of at most 32 doors over more than a day, each of which has to be tried again hours later and half of them three times; live, the first round is named and withdrawn later."

[knob]
doors = { value = 32, why = "a list that somebody once wrote" }
life = { value = 24, why = "hours: a scan that is done does not come back for days" }
active = { value = 6, why = "different hours with a line of the source: the rounds, whose lines may each be few" }
minutes = { value = 3, why = "different minutes in which half of the contacts were seen" }
spread = { value = 0.5, why = "of the life, between the first and the last time that half of the contacts were seen: retries follow each other, rounds do not" }
again = { value = 0.25, why = "of the life, between the first and the last time of a contact that is explained; one that came once is not" }

[[case]]
events = [
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["7946", "2379", "6443"], start = "0h" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["7946", "2379"], start = "8h" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["2379", "6443"], start = "16h" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["7946", "6443"], start = "24h" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["7946", "2379", "6443"], start = "32h" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["7946", "2379"], start = "40h" },
]
---*/
WITH lists AS (
  SELECT source, max(last_seen) - min(first_seen) AS life
  FROM evidence
  GROUP BY source
  HAVING count(*) <= $doors AND life >= $life * 3600000000
    AND median(minutes) >= $minutes AND median(last_seen - first_seen) >= $spread * life)
SELECT contact
FROM evidence JOIN lists USING (source)
WHERE class IN ('syn', 'udp') AND minutes > 1 AND last_seen - first_seen >= $again * life
  AND source IN (SELECT source FROM probes GROUP BY source HAVING count(DISTINCT ts // 3600000000) >= $active)
