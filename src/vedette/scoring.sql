/* What an offense says beside its findings. Reads the tables that the detectors leave (see
detectors/__init__.py) and `named` (source), the sources with a finding. Of a named source every
refused contact counts, whether or not it alone would have an ordinary explanation. */

CREATE TEMP TABLE door_facts AS
SELECT source, sum(times)::BIGINT AS probes, count(*) AS contacts, count(DISTINCT target) AS targets,
  count(DISTINCT CASE WHEN class IN ('syn', 'ack', 'stealth', 'udp') THEN port END) AS ports,
  count(DISTINCT CASE WHEN dst_hi = 0 THEN target END) AS targets_v4,
  min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM evidence SEMI JOIN named USING (source)
WHERE source NOT IN (SELECT leader FROM grouped)
GROUP BY source;

/* A group is told by its busiest member. */
INSERT INTO door_facts
SELECT leader, count(*), count(DISTINCT (target, port)), count(DISTINCT target), count(DISTINCT port),
  count(DISTINCT CASE WHEN target >> 32 = 65535 THEN target END), min(ts), max(ts)
FROM grouped JOIN knocks USING (source)
GROUP BY leader;

CREATE TEMP TABLE answered_doors AS
SELECT source, dst_hi, dst_lo, port, first_answered AS answered_at
FROM contacts SEMI JOIN named USING (source)
WHERE answered > 0 AND class IN ('syn', 'udp');

/* `alike` is how many sequence numbers share the exclusive or of their halves: nmap's of one run all do. */
CREATE TEMP TABLE packet_facts AS
SELECT source, sum(syns)::BIGINT AS syns, sum(with_seq)::BIGINT AS with_seq, sum(masscan)::BIGINT AS masscan, sum(mirai)::BIGINT AS mirai,
  sum(zmap)::BIGINT AS zmap, sum(nmap_windows)::BIGINT AS nmap_windows, sum(hping_windows)::BIGINT AS hping_windows, max(with_seq) AS alike
FROM (
  SELECT source_key(src_hi, src_lo) AS source, xor(tcp_seq >> 16, tcp_seq & 65535) AS halves,
    count(*) AS syns, count(tcp_seq) AS with_seq,
    count(CASE WHEN ip_id = xor(xor(dst_lo, dst_port::BIGINT), tcp_seq) & 65535 THEN 1 END) AS masscan,
    count(CASE WHEN tcp_seq = dst_lo & 4294967295 THEN 1 END) AS mirai,
    count(CASE WHEN ip_id = 54321 THEN 1 END) AS zmap,
    count(CASE WHEN tcp_window IN (1024, 2048, 3072, 4096) THEN 1 END) AS nmap_windows,
    count(CASE WHEN tcp_window = 512 THEN 1 END) AS hping_windows
  FROM events
  WHERE proto = 6 AND url IS NULL AND tcp_flags & 22 = 2 AND source_key(src_hi, src_lo) IN (FROM named)
  GROUP BY 1, 2)
GROUP BY source;

CREATE TEMP TABLE members AS
SELECT source_key(src_hi, src_lo) AS source, src_hi, src_lo
FROM events
WHERE src_hi <> 0 AND src_hi IN (FROM named)
GROUP BY ALL;

/* The noise ledger counts no member of a group. */
INSERT INTO named SELECT source FROM grouped WHERE source NOT IN (FROM named);
