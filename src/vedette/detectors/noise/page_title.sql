/*---
title = "pages with titles for names"
reads = "web"
why = "A page named by a sentence was written once, and the site has lost it: crawlers and old links bring people there for years."
cost = "Names of three words or more, or a list of nothing but joined words, that mean nothing to any product. Word lists hold one such name in ten."

[knob]
share = { value = 0.8, why = "of the missing pages a source asks for, from which names of two words are titles too" }

[[case]]
events = [{ src_ip = "198.51.100.9", url = "/{n}", n = ["how-to-bake-bread", "ten-tips-for-gardens", "what-we-learned", "our-summer-party/"] }]
---*/
SELECT contact
FROM page_evidence
JOIN (
  SELECT source, avg(regexp_matches(template, '/[a-zN]+([-_+][a-zN]+)+(\.html?)?/?$')::INTEGER) AS titles
  FROM page_evidence GROUP BY source) USING (source)
WHERE NOT sensitive AND NOT attack AND tool_requests = 0
  AND regexp_matches(template, CASE WHEN titles >= $share THEN '/[a-zN]+([-_+][a-zN]+)+(\.html?)?/?$' ELSE '/[a-zN]+([-_+][a-zN]+){2,}(\.html?)?/?$' END)
