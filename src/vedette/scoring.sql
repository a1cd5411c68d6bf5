/* What an offense says beside its findings. Reads the tables that the detectors leave (see detectors/__init__.py) and `led`
(source, lead): the sources with a finding, each with the one that its offense is named after. Of a named source every refused
contact counts, whether or not it alone would have an ordinary explanation. */

CREATE TEMP VIEW named AS SELECT source FROM led;

CREATE TEMP TABLE door_facts AS
SELECT lead AS source, sum(times)::BIGINT AS probes, count(DISTINCT (target, door)) AS contacts, count(DISTINCT target) AS targets,
  count(DISTINCT CASE WHEN class IN ('syn', 'ack', 'stealth', 'udp') THEN port END) AS ports,
  count(DISTINCT CASE WHEN target >> 32 = 65535 THEN target END) AS targets_v4,
  min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM led JOIN (
  SELECT source, target, door, class, port, times, first_seen, last_seen FROM evidence SEMI JOIN named USING (source)
  UNION ALL
  SELECT source, target, door, class, port, 1, ts, ts
  FROM grouped_doors WHERE source NOT IN (SELECT source FROM evidence)) USING (source)
GROUP BY lead;

CREATE TEMP TABLE answered_doors AS
SELECT lead AS source, dst_hi, dst_lo, port, min(first_answered) AS answered_at
FROM contacts JOIN led USING (source)
WHERE answered > 0 AND class IN ('syn', 'udp')
GROUP BY ALL;

/* Who was let in for the first time at a door after it had answered, from another address of the same network (/24, /48). */
CREATE TEMP TABLE returns AS
WITH known AS (
  SELECT source AS lead, dst_hi, dst_lo, port AS dst_port, answered_at, network_of(source) AS network FROM answered_doors)
SELECT lead AS source, src_hi, src_lo, events.dst_hi AS dst_hi, events.dst_lo AS dst_lo, events.dst_port AS port, min(ts) AS ts
FROM events JOIN known
  ON events.dst_lo = known.dst_lo AND events.dst_port = known.dst_port AND network_of(source_key(src_hi, src_lo)) = known.network
WHERE action = 1 AND url IS NULL AND source_key(src_hi, src_lo) NOT IN (FROM named)
GROUP BY 1, 2, 3, 4, 5, 6
HAVING min(ts) > min(answered_at);

CREATE TEMP TABLE members AS
SELECT source_key(src_hi, src_lo) AS source, src_hi, src_lo
FROM events
WHERE src_hi <> 0 AND src_hi IN (FROM named)
GROUP BY ALL;
