/* The web's part of teams.sql. */
UNION ALL
SELECT source, TRUE, site, template_key, first_seen, last_seen FROM unexplained_pages SEMI JOIN scanners USING (source)
