/* What `vedette explain` asks of the first record of what it played. explain.py takes the statements in this order. */

/* Its contact, if it is a packet. */
SELECT contact, class::VARCHAR AS class FROM contacts WHERE contact IN (SELECT contact FROM probes WHERE record = 0);

/* Its page, if it is a request, and whether that page is evidence. */
SELECT contact, sensitive, asset, unasked, attack, tool_requests > 0 AS tool, contact IN (SELECT contact FROM page_evidence) AS evidence
FROM pages SEMI JOIN chosen USING (source);

/* The detectors that would count it. */
SELECT DISTINCT detector FROM close_observed WHERE whole AND contact = $contact;

/* The noise rules that take it in what was staged: ours maps a rule to the record numbers of the line's own part. */
SELECT DISTINCT rule
FROM (RULES) JOIN (SELECT contact, record FROM probes PAGES) USING (contact)
JOIN (SELECT unnest($ours::STRUCT(rule INTEGER, first BIGINT, last BIGINT)[], recursive := true)) USING (rule)
WHERE record BETWEEN first AND last
ORDER BY rule;
