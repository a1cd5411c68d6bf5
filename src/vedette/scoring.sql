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
  SELECT source, target, door_key(6, 2, port, NULL), 'syn', port, 1, ts, ts
  FROM grouped JOIN knocks USING (web, source) WHERE NOT web AND source NOT IN (SELECT source FROM evidence)) USING (source)
GROUP BY lead;

CREATE TEMP TABLE answered_doors AS
SELECT lead AS source, dst_hi, dst_lo, port, min(first_answered) AS answered_at
FROM contacts JOIN led USING (source)
WHERE answered > 0 AND class IN ('syn', 'udp')
GROUP BY ALL;

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
