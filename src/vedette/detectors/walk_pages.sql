/* The web's part of the walk: pages that are missing and unexplained, and pages that were served. */
  UNION ALL
  SELECT source, contact, NULL, 0, 0, first_seen, template,
    CASE WHEN attack THEN $attack WHEN served > 0 THEN $served WHEN sensitive THEN $sensitive
      WHEN row_number() OVER (PARTITION BY source, family_key ORDER BY first_seen, contact) = 1 OR directory = '/' THEN $missing
      ELSE $family END
  FROM pages
  WHERE (served > 0 OR attack OR contact IN (SELECT contact FROM unexplained_pages)) AND NOT asset AND source NOT IN (FROM settled_sources)
