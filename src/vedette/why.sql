/* What `vedette why` asks of one source, of the tables of closeup.sql. why.py takes the statements in this order. */

/* How much of the log is its own. */
SELECT count(*) AS events,
  count(CASE WHEN source_key(src_hi, src_lo) BETWEEN $first AND $last THEN 1 END) AS own,
  count(CASE WHEN source_key(src_hi, src_lo) BETWEEN $first AND $last AND TOWARDS THEN 1 END) AS inbound,
  count(CASE WHEN source_key(dst_hi, dst_lo) BETWEEN $first AND $last THEN 1 END) AS received,
  count(DISTINCT CASE WHEN source_key(src_hi, src_lo) BETWEEN $first AND $last THEN source_key(src_hi, src_lo) END) AS sources
FROM events;

/* Its first and its last event towards us. */
SELECT min({'ts': ts, 'record': record}) AS earliest, max({'ts': ts, 'record': record}) AS latest
FROM events
WHERE source_key(src_hi, src_lo) IN (FROM chosen) AND TOWARDS;

/* Its doors, by class. */
SELECT class::VARCHAR AS class, count(*) AS doors, sum(times)::BIGINT AS packets, count(CASE WHEN answered > 0 THEN 1 END) AS answered,
  count(CASE WHEN answered = 0 AND refused > 0 THEN 1 END) AS refused, count(CASE WHEN answered = 0 AND refused = 0 THEN 1 END) AS unknown
FROM contacts
GROUP BY class
ORDER BY doors DESC, class;

/* How many targets and ports those doors have. */
SELECT count(DISTINCT target) AS targets, count(DISTINCT CASE WHEN class IN ('syn', 'ack', 'stealth', 'udp') THEN port END) AS ports
FROM contacts
WHERE class <> 'reply';

/* The doors that answered, the first of them first. */
SELECT dst_hi, dst_lo, port, proto, first_answered AS ts, count(*) OVER () AS doors
FROM contacts
WHERE answered > 0 AND class IN ('syn', 'udp')
ORDER BY first_answered, dst_hi, dst_lo, port
LIMIT $shown;

/* Refused doors of each source. */
SELECT source, count(*) AS doors FROM evidence GROUP BY source ORDER BY doors DESC, source;

/* Its refused contacts by the reason that explains them; NULL is none. */
SELECT reason, count(*) AS contacts, sum(times)::BIGINT AS times
FROM (SELECT contact, times FROM evidence PAGES) LEFT JOIN explained USING (contact)
GROUP BY reason
ORDER BY contacts DESC, reason;

/* The walk, contact by contact. */
SELECT walked.source, walked.first_seen AS ts, walked.class::VARCHAR AS class, walked.port, dst_hi, dst_lo, proto, answered, refused, weight, score
FROM walked JOIN contacts USING (contact)
ORDER BY walked.source, ts, contact
