/*---
title = "one set that several come back to"
why = "Chat and mail servers that check for open proxies whoever connects, members of a cluster: unrelated sources have one list for the same host or few, and each comes back to all of it."
cost = "Three addresses of unrelated networks that each go three times through the same short list over more than half a day, and never try anything else: nine times the probes for one host or three."

[knob]
networks = { value = 3, why = "unrelated /16 networks (IPv6: /32) with the same set: two may be chance" }
doors = { value = 32, why = "a list that somebody once wrote" }
hosts = { value = 3, why = "a translator and its spares, the nodes of a small cluster" }
hours = { value = 12, why = "life of each: retries end sooner" }
minutes = { value = 3, why = "different minutes in which most of the contacts were seen" }
spread = { value = 0.5, why = "of the life, between the first and the last time that most contacts were seen" }
most = { value = 0.2, why = "share of the contacts that may miss this, because lines are lost" }

[[case]]
events = [
  { src_ip = ["198.51.100.9", "192.0.2.9", "100.64.1.9"], dst_ip = "203.0.113.4", dst_port = ["1080", "3128", "8080", "23", "22", "9050", "8123"], start = "0h" },
  { src_ip = ["198.51.100.9", "192.0.2.9", "100.64.1.9"], dst_ip = "203.0.113.4", dst_port = ["1080", "3128", "8080", "23", "22", "9050", "8123"], start = "5h" },
  { src_ip = ["198.51.100.9", "192.0.2.9", "100.64.1.9"], dst_ip = "203.0.113.4", dst_port = ["1080", "3128", "8080", "23", "22", "9050", "8123"], start = "11h" },
  { src_ip = ["198.51.100.9", "192.0.2.9", "100.64.1.9"], dst_ip = "203.0.113.4", dst_port = ["1080", "3128", "8080", "23", "22", "9050", "8123"], start = "23h" },
]
---*/
WITH sets AS (
  SELECT source, bit_xor(hash(target, door)) AS doors
  FROM evidence
  GROUP BY source
  HAVING bool_and(class IN ('syn', 'udp')) AND count(*) <= $doors AND count(DISTINCT target) <= $hosts
    AND max(last_seen) - min(first_seen) >= $hours * 3600000000
    AND quantile_disc(minutes, $most) >= $minutes
    AND quantile_disc(last_seen - first_seen, $most) >= $spread * (max(last_seen) - min(first_seen)))
SELECT contact
FROM evidence
SEMI JOIN (
  SELECT source
  FROM sets
  JOIN (
    SELECT doors FROM sets GROUP BY doors
    HAVING count(DISTINCT provider_of(source)) >= $networks) USING (doors)) USING (source)
