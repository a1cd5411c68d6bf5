/* The web's part of the sightings. */
UNION ALL
SELECT (hash(source_key(src_hi, src_lo), hash(lower(http_host)), page_of(template_key, charge_of(user_agent, http_referer))) >> 1)::BIGINT AS contact, ts, record
FROM events JOIN urls USING (url)
WHERE TOWARDS AND source_key(src_hi, src_lo) IN (SELECT source FROM page_evidence)
