/* One finding for each detector and source. The earliest settled group gives the time, the largest
group the words. The order of lines of one instant decides nothing but which of them is the settling record. */
WITH best AS (
  SELECT detector, source, count(*) AS groups,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    min({'at': detected_at, 'record': settled_by, 'window': "window"}) AS settled,
    min({'size': -"count", 'at': detected_at, 'grp': grp, 'window': "window"}) AS largest
  FROM settled GROUP BY detector, source
),
words AS (
  SELECT contact, target, port, dst_hi, dst_lo, '' AS path FROM evidence
  PAGES
),
extent AS (
  SELECT detector, source, count(DISTINCT target) AS targets, count(DISTINCT port) AS ports,
    min({'hi': dst_hi, 'lo': dst_lo}) AS address, min(port) AS port, min(path) AS path
  FROM best
  JOIN observed USING (detector, source)
  JOIN words USING (contact)
  WHERE observed.grp = best.largest.grp
  GROUP BY detector, source
)
SELECT detector, source, first_seen, last_seen, settled.at AS detected_at, settled.record AS settled_by,
  -largest.size AS "count", largest.window AS "window", groups, targets, ports,
  address.hi AS dst_hi, address.lo AS dst_lo, port, path
FROM best JOIN extent USING (detector, source)
ORDER BY detected_at, source, detector
