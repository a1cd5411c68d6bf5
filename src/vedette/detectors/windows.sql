/* Exact sliding windows by live intervals, in window functions that every SQL engine has.

A thing is live from when it is seen until $window microseconds after; sightings closer than that
merge into one interval. One more at each start, one less at each end: the running sum of a group is
the number of distinct things in the window that ends there. Reads `observations` (grp, thing, ts,
record); gives for each group the most distinct things and the first (ts, record) at $threshold.
kernels/windows.py computes the same with two pointers, and a test holds the two equal. */
WITH seen AS (
  SELECT grp, thing, ts, record,
    lag(ts) OVER sightings AS earlier,
    lead(ts) OVER sightings AS later
  FROM observations
  WINDOW sightings AS (PARTITION BY grp, thing ORDER BY ts, record)
),
edges AS (
  SELECT grp, ts AS moment, record, 1 AS step FROM seen WHERE earlier IS NULL OR ts - earlier >= $window
  UNION ALL
  SELECT grp, ts + $window AS moment, record, -1 AS step FROM seen WHERE later IS NULL OR later - ts >= $window
),
running AS (
  SELECT grp, moment, record, step, sum(step) OVER (PARTITION BY grp ORDER BY moment, step, record ROWS UNBOUNDED PRECEDING) AS live
  FROM edges
),
reached AS (
  SELECT grp, moment, record, row_number() OVER (PARTITION BY grp ORDER BY moment, record) AS rank
  FROM running WHERE step = 1 AND live >= $threshold
),
most AS (SELECT grp, max(live) AS most FROM running GROUP BY grp)
SELECT most.grp, most.most::BIGINT AS most, reached.moment AS detected_at, reached.record AS settled_by
FROM most LEFT JOIN reached ON reached.grp = most.grp AND reached.rank = 1
ORDER BY most.grp
