/* What was ordinary, by reason. Events of one source may count under two reasons, never under the same one twice. */
SELECT reason, count(DISTINCT source) AS sources, sum(events)::BIGINT AS events
FROM (
  SELECT reason, source, times AS events FROM explained JOIN evidence USING (contact)
  PAGES
  UNION ALL
  RULES)
WHERE source NOT IN (FROM named)
GROUP BY reason
ORDER BY events DESC, reason
