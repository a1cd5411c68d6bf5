/* The stages of detection again, for the chosen sources alone and without the floors that spare the rest of the log
the work. SHADOWS are common table expressions that put these tables in the place of those that `detect` left; what
the rules ask of all others (doors, pages, visitors) they still ask there. */

/* The most active sources of the range: a network of the whole internet would be the log. */
CREATE TEMP TABLE chosen AS
SELECT source
FROM (
  SELECT source_key(src_hi, src_lo) AS source, count(*) AS events FROM events
  WHERE source_key(src_hi, src_lo) BETWEEN $first AND $last GROUP BY 1)
WHERE OUTSIDE
ORDER BY events DESC, source
LIMIT $most;

CREATE TEMP TABLE close_probes AS WITH watched AS (FROM chosen) PROBES;

CREATE TEMP TABLE close_contacts AS SHADOWS, candidates AS (FROM chosen) FROM (CONTACTS);

CREATE TEMP TABLE close_evidence AS SHADOWS FROM (EVIDENCE);

CREATE TEMP TABLE close_explained AS SHADOWS EXPLAINED;

CREATE TEMP TABLE close_unexplained AS SHADOWS UNEXPLAINED;

/* What each kind counts, and (`whole`) what it would count if nothing were ordinary. */
CREATE TEMP TABLE close_observed AS
SELECT false AS whole, * FROM (SHADOWS KINDS)
UNION ALL
SELECT true AS whole, * FROM (WHOLE KINDS);

/* The walk over what they did, however little it comes to. */
CREATE TEMP TABLE close_walked AS SHADOWS, settled_sources AS (SELECT 0::BIGINT AS source WHERE FALSE), WALKED
