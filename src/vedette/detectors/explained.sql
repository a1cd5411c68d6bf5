/* What is ordinary about a contact. The first rule in order of name gives the reason; evidence that no
rule explains goes on to the kinds. */

CREATE TEMP TABLE explained AS
SELECT contact, $titles[min(rule) + 1] AS reason
FROM (RULES)
GROUP BY contact;

CREATE TEMP TABLE unexplained AS
SELECT * FROM evidence WHERE contact NOT IN (SELECT contact FROM explained);
