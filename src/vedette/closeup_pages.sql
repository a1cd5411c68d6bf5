/* The web's part of closeup.sql. */

CREATE TEMP TABLE close_page_evidence AS WITH pages AS (SELECT * FROM temp.pages SEMI JOIN chosen USING (source)) PAGE_EVIDENCE;

CREATE TEMP TABLE close_unexplained_pages AS SHADOWS UNEXPLAINED_PAGES;
