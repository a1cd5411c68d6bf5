/* When the contacts that matter were seen. First how many rows that is, then the rows of each group in
order, of one part of the sources, so that the longest log is looked at in bounded memory. */
SELECT coalesce(sum(records), 0)::BIGINT AS records
FROM observed JOIN (SELECT contact, records FROM contacts SIZES) USING (contact);

SELECT detector, source, grp, thing, ts, record
FROM observed JOIN (SELECT contact, ts, record FROM probes PAGES) USING (contact)
WHERE hash(source) % $parts = $part
ORDER BY detector, source, grp, ts, record;
