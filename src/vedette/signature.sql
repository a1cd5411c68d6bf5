/* The picture of one source: port, target or path over time, thinned evenly to $points. */

WITH points AS (
  SELECT ts, record, port AS height FROM probes JOIN evidence USING (contact) WHERE evidence.source = $source
),
numbered AS (SELECT *, row_number() OVER (ORDER BY ts, record) - 1 AS number, count(*) OVER () AS total FROM points)
SELECT ts, height FROM numbered WHERE number % (total // $points + 1) = 0 ORDER BY ts, record;

WITH points AS (
  SELECT ts, record, dense_rank() OVER (ORDER BY evidence.dst_hi, evidence.dst_lo) AS height
  FROM probes JOIN evidence USING (contact) WHERE evidence.source = $source
),
numbered AS (SELECT *, row_number() OVER (ORDER BY ts, record) - 1 AS number, count(*) OVER () AS total FROM points)
SELECT ts, height FROM numbered WHERE number % (total // $points + 1) = 0 ORDER BY ts, record;

WITH points AS (
  SELECT first_seen AS ts, contact AS record, row_number() OVER (ORDER BY first_seen, path, contact) AS height
  FROM page_evidence WHERE source = $source
),
numbered AS (SELECT *, row_number() OVER (ORDER BY ts, height) - 1 AS number, count(*) OVER () AS total FROM points)
SELECT ts, height FROM numbered WHERE number % (total // $points + 1) = 0 ORDER BY ts, height;
