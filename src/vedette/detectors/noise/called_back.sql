/*---
title = "checks of whoever connected"
why = "Chat, mail and game servers look within a minute whether a client that connected to them is an open proxy: our side called first, and not in answer. Where the log lacks what went out, nobody can know."
cost = "Somebody of ours has to call the address at that minute, and all it may try at all are 16 TCP ports of one host."

[knob]
doors = { value = 16, why = "the lists of such checks hold a dozen ports" }
minutes = { value = 1, why = "the check holds up the client that waits for it" }

[[case]]
events = [
  { src_ip = "203.0.113.4", dst_ip = "198.51.100.9", dst_port = "6667", action = "allow" },
  { src_ip = "198.51.100.9", dst_ip = "203.0.113.4", dst_port = ["1080", "3128", "8080", "23", "22", "9050", "8123"], start = "2s" },
]
---*/
WITH few AS (
  SELECT source FROM evidence
  WHERE source IN (SELECT target FROM doors WHERE proto = 6 AND answers)
  GROUP BY source
  HAVING count(*) <= $doors AND count(DISTINCT target) = 1 AND bool_and(class = 'syn')),
calls AS (
  SELECT DISTINCT source_key(dst_hi, dst_lo) AS source, ts // 60000000 AS minute
  FROM events
  WHERE action = 1 AND proto = 6 AND url IS NULL AND source_key(dst_hi, dst_lo) IN (FROM few)
    AND (source_key(dst_hi, dst_lo), src_port) NOT IN (SELECT (source, port) FROM contacts))
SELECT contact
FROM evidence
SEMI JOIN calls ON evidence.source = calls.source AND evidence.first_seen // 60000000 - calls.minute BETWEEN 0 AND $minutes
