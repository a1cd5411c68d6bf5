/*---
title = "FTP data connections"
why = "In active mode an FTP server calls back, from port 20 to a high port that our client named."
cost = "Only high ports of two hosts can be tried unseen, and only from source port 20, from which no other port is tried."

[[case]]
events = [{ src_ip = "198.51.100.9", src_port = 20, dst_ip = "203.0.113.4", dst_port = "2001..2020" }]
---*/
SELECT contact
FROM evidence
WHERE class = 'syn' AND low_src_port = 20 AND high_src_port = 20 AND port >= 1024
  AND source IN (
    SELECT source FROM evidence WHERE class = 'syn' AND low_src_port = 20 GROUP BY source
    HAVING count(DISTINCT target) <= 2 AND min(port) >= 1024)
