/*---
title = "mail servers trying exchangers"
why = "A mail server tries every exchanger of a domain, in order, again and again, and some are closed."
cost = "Only mail ports of a few hosts can be tried unseen."

[knob]
hosts = { value = 8, why = "more exchangers than this have only the largest providers" }

[[case]]
events = [{ src_ip = "198.51.100.9", dst_ip = "203.0.113.1..7", dst_port = "25", rounds = 3 }]
---*/
SELECT contact
FROM evidence
WHERE class = 'syn' AND port IN (25, 465, 587)
  AND source IN (
    SELECT source FROM evidence WHERE class = 'syn'
    GROUP BY source HAVING count(DISTINCT target) <= $hosts AND bool_and(port IN (25, 465, 587)))
