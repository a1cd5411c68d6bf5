/*---
title = "monitors and pollers"
why = "A monitor, a manager with an old list or a client that never gives up repeats one small set for hours and never adds to it."
cost = "The whole set has to be knocked on again and again for hours, on few ports, before the verdict; live, its first round is named and withdrawn later."

[knob]
minutes = { value = 5, why = "different minutes in which most of the contacts were seen: fewer is what retries do" }
hours = { value = 4, why = "life of the whole; a scan with retries is shorter" }
rounds = { value = 8, why = "different minutes in which most of the contacts were seen, from which an hour is enough: nobody tries a door again so often" }
new_share = { value = 0.3, why = "no contact is new after this share of its life" }
doors = { value = 64, why = "a list that somebody once wrote; pings may be of a whole network" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..6", dst_port = "161", proto = "udp", every = "60s", rounds = 100 }]

[[case]]
name = "targets that were given back, until somebody edits the list"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..3", dst_port = ["9100", "9104", "9187"], every = "60s", rounds = 11 }]
---*/
SELECT contact
FROM evidence
WHERE source IN (
  SELECT source FROM evidence
  GROUP BY source
  HAVING quantile_disc(minutes, 0.1) >= $minutes
    AND max(last_seen) - min(first_seen) >= CASE WHEN quantile_disc(minutes, 0.1) >= $rounds THEN 1 ELSE $hours END * 3600000000
    AND max(first_seen) - min(first_seen) <= $new_share * (max(last_seen) - min(first_seen))
    AND (count(*) <= $doors OR bool_and(class = 'icmp')))
