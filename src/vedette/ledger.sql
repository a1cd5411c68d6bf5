/* What was ordinary, by reason. Events of one source may count under two reasons, never under the same one twice.
The rules over events give each of their sources once, and there may be millions of them. */
SELECT * FROM (
  SELECT reason, count(DISTINCT source) AS sources, sum(events)::BIGINT AS events
  FROM (
    SELECT reason, source, times AS events FROM explained JOIN evidence USING (contact)
    PAGES)
  WHERE source NOT IN (FROM named)
  GROUP BY reason
  UNION ALL
  RULES)
ORDER BY events DESC, reason
