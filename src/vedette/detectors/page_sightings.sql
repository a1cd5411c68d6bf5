/* The web's part of the sightings. */
UNION ALL
SELECT (hash(source_key(src_hi, src_lo), hash(lower(http_host)), template_key) >> 1)::BIGINT AS contact, ts, record
FROM events JOIN urls USING (url)
WHERE TOWARDS AND source_key(src_hi, src_lo) IN (SELECT source FROM page_evidence)
