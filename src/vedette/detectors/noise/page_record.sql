/*---
title = "records of a collection that is gone"
reads = "web"
why = "Names of a word with a number, a different number each time, below a directory: a site numbered them once, and old links, bookmarks and crawlers still know them."
cost = "Nearly every name asked for needs a word and a number of its own below a directory, and such a name is there only if the site numbers its pages."

[knob]
share = { value = 0.8, why = "of the missing pages a source asks for; word lists hold few names with numbers" }
different = { value = 0.7, why = "of those names have a number that the others have not; lists of years or versions repeat a few" }

[[case]]
events = [{ src_ip = "198.51.100.9", url = ["/artikel/17-wandern.html", "/artikel/203-kochen.php", "/forum/t1181.html", "/forum/41-frage.php", "/shop/p8-schuh.html", "/shop/77-hut.php", "/en/news/312-opening.html", "/en/news/9-closing.php", "/dl/55-karte.html", "/dl/61-plan.php"], every = "2s" }]
---*/
WITH records AS (
  SELECT *, regexp_matches(template, '^/[^/]+/.*?(N[-_.]?[a-z]|[a-z][-_.]?N)[^/]*$') AND NOT regexp_matches(template, '/[^/a-z]*N\.[a-z]+$') AS numbered,
    regexp_extract(path, '([0-9]+)[^0-9/]*$', 1) AS number
  FROM page_evidence)
SELECT contact
FROM records
JOIN (
  SELECT source FROM records WHERE NOT unasked AND NOT asset
  GROUP BY source
  HAVING avg(numbered::INTEGER) >= $share
    AND count(DISTINCT number) FILTER (numbered) >= $different * count(*) FILTER (numbered)) USING (source)
WHERE numbered AND NOT sensitive AND NOT attack AND tool_requests = 0
