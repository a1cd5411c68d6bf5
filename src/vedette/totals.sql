/* What a report says of all events. Counts of distinct addresses are estimates within some two percent: exact
ones cost more than the detection on a log of millions of spoofed sources. */
SELECT count(*) AS events,
  approx_count_distinct(hash(src_hi, src_lo)) AS sources,
  approx_count_distinct(hash(dst_hi, dst_lo)) AS targets,
  count(CASE WHEN action = 0 THEN 1 END) AS denied,
  min(ts) AS first,
  max(ts) AS last
FROM events
