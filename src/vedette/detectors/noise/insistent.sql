/*---
title = "senders that insist"
why = "A manager with an old list, a phone without its server or a tunnel without its other end sends a dozen datagrams and more to each door that it believes in; whoever looks for open ports goes on after a few."
cost = "Every door has to be tried a dozen times over, at 64 doors at most, which makes a scan as slow and as loud; a tool's usual retries are not enough."

[knob]
times = { value = 12, why = "datagrams to most of the contacts: scanners send at most eleven, and few wait for so many" }
doors = { value = 64, why = "a list that somebody once wrote" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", dst_port = "161", proto = "udp", times = 20, every = "1s" }]

[[case]]
name = "rounds that a flow exporter put into one flow each"
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..12", dst_port = "161", proto = "udp", packets = 60, every = "200s" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'udp' AND times >= $times AND source IN (
  SELECT source FROM evidence
  GROUP BY source
  HAVING bool_and(class = 'udp') AND count(*) <= $doors AND quantile_disc(times, 0.1) >= $times)
