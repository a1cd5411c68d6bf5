/* From web requests to pages: the contacts of the web.

A page is (source, site, template), where the template is the decoded path in lower case with
numbers and hexadecimal runs taken out, so that a client walking over ids is one page. URLs are
decoded and matched once for each different URL, never for each request. */

CREATE MACRO decode(text) AS CASE WHEN contains(text, '%') THEN coalesce(try(url_decode(text)), text) ELSE text END;

CREATE MACRO path_of(url) AS coalesce(nullif(lower(decode(
  split_part(split_part(split_part(regexp_replace(url, '^[a-zA-Z]+://[^/?#]*', ''), '?', 1), '#', 1), ';', 1))), ''), '/');

/* A path without what nobody guesses: numbers, hexadecimal runs, and random letters and digits (three groups of digits in one word). */
CREATE MACRO masked_path(path) AS regexp_replace(regexp_replace(path,
  '[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|[a-z]*[0-9]+[a-z]+[0-9]+[a-z]+[0-9][a-z0-9]*|[0-9]+', 'N', 'g'), 'N([.,_-]N)+', 'N', 'g');

CREATE TEMP TABLE visits AS
SELECT source_key(src_hi, src_lo) AS source, hash(lower(http_host)) AS site, url,
  count(*) AS times, bit_or(1::UBIGINT << (ts // 60000000 % 61)::UBIGINT) AS minutes, min(ts) AS first_seen, max(ts) AS last_seen,
  count(*) FILTER (http_status BETWEEN 400 AND 428 AND http_status NOT IN (401, 407, 408, 416, 421)) AS refused,
  count(*) FILTER (http_status IN (401, 407)) AS unauthorised,
  count(*) FILTER (http_status < 400) AS served, count(*) FILTER (http_status BETWEEN 301 AND 308 AND http_status <> 304) AS moved,
  min(CASE WHEN http_status BETWEEN 200 AND 299 THEN ts END) AS first_found,
  min(CASE WHEN http_status BETWEEN 200 AND 299 THEN bytes END) AS least_size, max(CASE WHEN http_status BETWEEN 200 AND 299 THEN bytes END) AS most_size,
  max(http_referer) FILTER (http_status BETWEEN 400 AND 428) AS referer,
  count(http_referer) AS referers,
  count(CASE WHEN tool THEN 1 END) AS tool_requests, bool_and(coalesce(crawler, FALSE)) AS claims_crawler,
  CASE WHEN charged THEN agent WHEN http_referer IN (SELECT text FROM charged) THEN hash(http_referer) ELSE 0 END AS charge,
  CASE WHEN count(program) = count(*) AND min(program) = max(program) THEN min(program) END AS program,
  min(agent) AS low_agent, max(agent) AS high_agent
FROM events LEFT JOIN roles USING (user_agent)
WHERE url IS NOT NULL AND src_lo IS NOT NULL AND TOWARDS
GROUP BY ALL
HAVING OUTSIDE;

/* Names of parameters that one source alone gives to a page that is served, a dozen and more and hardly any twice: guesses. A
name with digits in it is a value, such as those that keep an answer out of a cache. */
CREATE TEMP TABLE guesses AS
WITH asked AS (
  SELECT source, site, path_of(url) AS path, url, unnest(list_distinct(regexp_extract_all(lower(url), '[?&]([a-z_.\[\]-]{1,32})=', 1))) AS name
  FROM visits
  WHERE served > 0 AND contains(url, '?')),
alone AS (
  SELECT source, site, path, url, min(name) AS name
  FROM asked SEMI JOIN (SELECT site, path, name FROM asked GROUP BY ALL HAVING count(DISTINCT source) = 1) USING (site, path, name)
  GROUP BY ALL)
SELECT url, name
FROM alone SEMI JOIN (
  SELECT source, site, path FROM alone GROUP BY ALL
  HAVING count(DISTINCT name) >= $guessed_names AND count(*) <= 2 * count(DISTINCT name)) USING (source, site, path);

/* Everything that depends on the URL alone. Attack text and a guessed name make a URL a page of its own, and so does each number
in the name of a backup, unless it lies as deep as the packages of a mirror. */
CREATE TEMP TABLE urls AS
SELECT url, path, directory, extension, asset, unasked, attack, sensitive AND NOT asset AND NOT unasked AS sensitive,
  CASE WHEN attack THEN url WHEN guessed IS NOT NULL THEN masked || '?' || guessed
    WHEN sensitive AND regexp_matches(path, '^(/[^/]+){1,2}$') AND regexp_matches(path, $backups) THEN path ELSE masked END AS template,
  guessed IS NOT NULL AS guess, hash(template) AS template_key, hash(regexp_extract(path, '^/[^/]*/'), extension) AS family_key
FROM (
  SELECT *, name AS guessed, regexp_matches(path, $sensitive) AS sensitive, regexp_matches(path, $unasked) AS unasked,
    list_contains($assets::VARCHAR[], extension) AS asset,
    odd AND regexp_matches(regexp_replace(lower(decode(decode(replace(url, '+', ' ')))), '/\*.*?\*/|\s+', ' ', 'g'), $attack) AS attack,
    masked_path(path) AS masked
  FROM (
    SELECT url, path_of(url) AS path, regexp_extract(path_of(url), '^(.*/)', 1) AS directory,
      regexp_extract(path_of(url), '\.([a-z0-9]{1,10})$', 1) AS extension,
      regexp_matches(url, '(?i)[''"<>(){};|\\`$%]|\.\.|=/|=[a-z]+:|[+ ](and|or|union|select|waitfor|order)[+ (]') AS odd
    FROM (SELECT DISTINCT url FROM visits)) LEFT JOIN (SELECT url, min(name) AS name FROM guesses GROUP BY url) USING (url));

/* A page that an attack in a header was sent to is one of its own for each attack. */
CREATE MACRO page_of(template_key, charge) AS CASE WHEN charge = 0 THEN template_key ELSE hash(template_key, charge) END;

CREATE TEMP TABLE pages AS
SELECT (hash(source, site, page_key) >> 1)::BIGINT AS contact, source, site, page_key AS template_key,
  min(template) AS template, min(directory) AS directory, min(family_key) AS family_key,
  bool_or(sensitive) AS sensitive, bool_and(asset) AS asset, bool_and(unasked) AS unasked,
  bool_or(attack OR charge <> 0) AS attack, bool_or(guess) AS guess,
  sum(times)::BIGINT AS times, sum(times)::BIGINT AS records, bit_count(bit_or(minutes)) AS minutes, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
  sum(refused)::BIGINT AS refused, sum(unauthorised)::BIGINT AS unauthorised, sum(served)::BIGINT AS served, sum(moved)::BIGINT AS moved, min(first_found) AS first_found,
  CASE WHEN min(least_size) = max(most_size) THEN min(least_size) END AS size, max(referer) AS referer, sum(referers)::BIGINT AS referers,
  sum(tool_requests)::BIGINT AS tool_requests, bool_and(claims_crawler) AS claims_crawler,
  CASE WHEN count(program) = count(*) AND min(program) = max(program) THEN min(program) END AS program, min(low_agent) AS low_agent, max(high_agent) AS high_agent, count(*) AS different_urls, min(path) AS path
FROM (SELECT *, page_of(template_key, charge) AS page_key FROM visits JOIN urls USING (url))
GROUP BY source, site, page_key;

/* Names that all get the same answer: a page of one size, to the byte, on a site that says "not found" with a 200; or a
redirection, on a site that leads whatever one asks for to its login. Nobody else asked for the page (or only
scanners do), so that no page of the site is among them; what is polled for its few bytes (a beacon, a health check) is no page;
and who also follows where it is led reads. */
CREATE TEMP TABLE alike AS
SELECT contact
FROM (
  SELECT contact, size, moved = times AS led, claims_crawler, sensitive,
    count(*) OVER (PARTITION BY source, site, size, moved = times) AS pages, count(*) OVER (PARTITION BY source, site) AS all_pages,
    count(*) OVER (PARTITION BY site, template_key) AS readers
  FROM pages
  WHERE refused = 0 AND NOT asset AND NOT unasked)
WHERE pages >= $alike_pages AND (readers = 1 OR (led AND sensitive))
  AND (size >= $page_bytes OR (led AND NOT claims_crawler AND pages >= 0.8 * all_pages));

/* Sites that one source alone asks for, a dozen and more, and that all answer it alike: names of sites that are tried. */
CREATE TEMP TABLE lone_sites AS
WITH asked AS (
  SELECT source, site, min(coalesce(size, CASE WHEN moved = times THEN -1 WHEN served = 0 THEN -2 END)) AS answer
  FROM pages SEMI JOIN (SELECT source FROM pages GROUP BY source HAVING min(site) <> max(site)) USING (source)
  GROUP BY source, site
  HAVING count(DISTINCT coalesce(size, CASE WHEN moved = times THEN -1 WHEN served = 0 THEN -2 END)) = 1 AND count(*) <= $site_pages),
alone AS (SELECT * FROM asked SEMI JOIN (SELECT site FROM pages GROUP BY site HAVING count(DISTINCT source) = 1) USING (site))
SELECT contact
FROM pages SEMI JOIN (
  SELECT source, site FROM alone SEMI JOIN (
    SELECT source, answer FROM alone GROUP BY source, answer HAVING count(*) >= $lone_sites) USING (source, answer)) USING (source, site);

/* Who behaves as a reader does: mostly served, or led here by our own pages. Only such sources may
vouch that a missing page is a dead link; word lists overlap each other. */
CREATE TEMP TABLE visitors AS
SELECT source, count(*) FILTER (served > 0 AND NOT guess AND contact NOT IN (SELECT contact FROM alike)) AS served_pages, count(*) FILTER (served = 0 AND refused > 0 AND NOT unasked) AS refused_pages,
  count(*) FILTER (served = 0 AND refused = 0 AND unauthorised > 0) AS unauthorised_pages,
  count(*) FILTER (sensitive AND served = 0 AND refused > 0) AS sensitive_pages, sum(referers) / sum(times) AS referer_share,
  bool_or(attack) OR sum(tool_requests) > 0 AS hostile,
  sum(different_urls) FILTER (served > 0) AS served_urls, CASE WHEN min(low_agent) = max(high_agent) THEN min(low_agent) END AS agent,
  NOT hostile AND sensitive_pages <= 3 AND (served_pages >= 2 * refused_pages OR (served_pages >= 2 AND referer_share >= 0.5)) AS ordinary
FROM pages
GROUP BY source;

/* What was refused and never served, by those that have enough of it (one page, if not a crowd has one) or are plainly hostile. */
CREATE TEMP TABLE page_evidence AS
SELECT pages.*, served_pages, refused_pages, unauthorised_pages, sensitive_pages, ordinary, hostile, pages.contact IN (SELECT contact FROM alike) AS alike, pages.contact IN (SELECT contact FROM lone_sites) AS lone_site
FROM pages JOIN visitors USING (source)
WHERE (pages.served = 0 AND (pages.refused > 0 OR pages.unauthorised > 0) 
    AND refused_pages + unauthorised_pages >= CASE WHEN (SELECT count(*) FROM visitors WHERE refused_pages > 0) > $crowd THEN $pages_of_many ELSE $lowest_pages END) OR attack OR guess OR tool_requests > 0
  OR pages.contact IN (SELECT contact FROM alike) OR pages.contact IN (SELECT contact FROM lone_sites);
