/* The web's evidence that no rule explains. */
CREATE TEMP TABLE unexplained_pages AS
SELECT * FROM page_evidence WHERE contact NOT IN (SELECT contact FROM explained);
