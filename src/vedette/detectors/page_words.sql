/* The web's part of what findings.sql needs for its words. */
UNION ALL
SELECT contact, 0 AS target, 0 AS port, 0 AS dst_hi, 0 AS dst_lo, template AS path FROM page_evidence
