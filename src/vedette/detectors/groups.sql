/*---
[knob.knocks]
value = 32
why = "who knocks more is judged alone"
[knob.least_sources]
value = 12
why = "fewer infected hosts may meet by chance, and fewer sources can be named one by one; a rule may ask for fewer"
[knob.most_sources]
value = 5000
why = "so many at once are forged addresses, of which no list helps anybody"
[knob.least_doors]
value = 20
why = "many callers at few doors are a crowd: a service that moved, a peer that left"
[knob.doors_of_few]
value = 12
why = "different doors, asked of the few neighbours that a rule may be content with: together they have to have done what one source is named for"
[knob.slack]
value = 1.5
why = "meetings of two members at one door, as a multiple of what independent callers have; neighbours, who are few, need not show more"
[knob.own]
value = 0.5
why = "of what a member of a list in shares asks for, that no other member asks for: clients of one program ask for the same, and their programs' hours meet"
[knob.shared]
value = 8
why = "natural logarithm of the odds against so few meetings by chance, where one port or one host is shared: a wave of bots of one make appears at once too, but meets as chance has it"
[knob.sensitive]
value = 0.5
why = "of the missing pages of a group, so many that scanners look for: weaknesses, not words"
[knob.points]
value = 25
why = "natural logarithm of the odds: tens of thousands of cells are looked at, and independent sources come in clumps"
[knob.one_in]
value = 100
why = "how many networks there are to each that is large; access networks are full of infected hosts"
[knob.rush]
value = 3
why = "an hour with less than so many times what is expected says nothing"
[knob.rhythm]
value = 3
why = "the busy hours of a day have up to so many times the usual"
[knob.hours]
value = 6
why = "a shorter log does not say what is usual"
---*/
/* Small sources that scan together, whether or not some of them are named alone.

Reads the probes of the small sources (`watched`); on the web, the pages that are missing and that
nothing explains. A rule of groups/ says who may belong together: (grp, band, source, hour), where the hour is that of the first
knock. A group has to beat what the same log does without it: far more new sources in an hour than its usual hour has, and than its
share of other hours' callers gives of this hour's (a rush of everybody is weather, not a group; nobody forges requests, so on the
web it is not asked); and doors that complement each other, where independent callers would meet at the same ones. */

/* One row for each door, TCP or a known service by UDP (floods come to any port), that such a source knocked on; on the web a door
is a page. Left out are doors that were let in for somebody, contacts with an ordinary explanation, and packets from a service's port
to a high one, which are answers. */
CREATE TEMP TABLE knocks AS
SELECT FALSE AS web, source, target, door, min(make) AS make, min(ts) AS ts, min(record) AS record
FROM (
  SELECT source, target_key(dst_hi, dst_lo) AS target, door, make, ts, record
  FROM probes
  WHERE source IN (SELECT source FROM watched WHERE doors <= $knocks) AND dst_port IS NOT NULL AND CASE
      WHEN action = 1 OR src_port < 1024 AND dst_port >= 1024 THEN 0
      WHEN proto = 17 AND (dst_port < 1024 OR dst_port IN (FROM service_ports)) THEN 2 WHEN proto = 6 THEN coalesce(tcp_flags & 63, 2) ELSE 0 END = 2
    AND contact NOT IN (SELECT contact FROM explained))
WHERE (target, door & 65535, door >> 24 & 255) NOT IN (SELECT (target, port, coalesce(proto, 6)) FROM doors WHERE answers)
GROUP BY source, target, door
PAGES;

/* The band puts sources of like size together: a group shares its work evenly. Whom an allow list covers is in no group. */
CREATE TEMP TABLE callers AS
SELECT web, source, count(*) AS knocks, CASE WHEN count(*) = 1 THEN -1 ELSE floor(log2(count(*)) / 2)::INTEGER END AS band, min(ts) AS first_seen,
  min(ts) // 3600000000 AS hour, network_of(source) AS network
FROM knocks WHERE FREE GROUP BY web, source HAVING count(*) <= $knocks;

/* How many small sources a network has, and how many a large one of this log has: of the largest in a hundred, the smallest. */
CREATE TEMP TABLE networks AS
WITH sizes AS (SELECT network, count(*) AS sources FROM callers WHERE NOT web GROUP BY network),
ranked AS (SELECT network, sources, row_number() OVER (ORDER BY sources DESC) AS rank, count(*) OVER () AS networks FROM sizes)
SELECT network, sources, (SELECT sources FROM ranked WHERE rank = networks // $one_in + 2) AS usual FROM ranked;

CREATE TEMP TABLE appearances AS RULES;

/* Who surprises in one hour began in the hour before, or goes on in the next. Rules that give no hour ask whether a network has
more sources than a large one of this log, unless its doors alone are to tell. */
CREATE TEMP TABLE crowded AS
WITH hours AS (SELECT max(ts) // 3600000000 - min(ts) // 3600000000 + 1 AS hours FROM events),
counted AS (SELECT rule, $webs[rule + 1] AS web, grp, band, hour, count(*) AS sources FROM appearances GROUP BY ALL),
ranked AS (
  SELECT *, row_number() OVER cell_hours AS rank, sum(sources) OVER (PARTITION BY rule, grp, band) AS in_all
  FROM counted WINDOW cell_hours AS (PARTITION BY rule, grp, band ORDER BY sources DESC, hour)),
usual AS (SELECT rule, grp, band, sources AS usual FROM ranked, hours WHERE rank = (hours + 1) // 2),
busy AS (SELECT web, hour, count(*) AS newcomers, sum(count(*)) OVER (PARTITION BY web) AS all_newcomers FROM callers GROUP BY web, hour),
expected AS (
  SELECT rule, grp, band, hour, sources,
    greatest(1, $rhythm * coalesce(usual, 0),
      CASE WHEN web THEN 0 ELSE $rhythm * (in_all - sources + 1) * newcomers / (all_newcomers - newcomers + 1) END) AS expected
  FROM ranked JOIN busy USING (web, hour) LEFT JOIN usual USING (rule, grp, band), hours
  WHERE hours >= $hours),
hot AS (SELECT *, sources * ln(sources / expected) - (sources - expected) AS points FROM expected WHERE sources >= $rush * expected),
cells AS (SELECT rule, grp, band, sum(points ORDER BY hour) AS points, list(hour) AS hours FROM hot GROUP BY rule, grp, band HAVING sum(points ORDER BY hour) >= $points)
SELECT rule, grp, band, hour, points
FROM cells JOIN counted USING (rule, grp, band) LEFT JOIN usual USING (rule, grp, band)
WHERE len(list_intersect(cells.hours, [hour - 1, hour, hour + 1])) > 0 AND sources > $rhythm * coalesce(usual, 0)
UNION ALL
SELECT rule, grp, band, hour, greatest(0, sources * ln(sources / large) - (sources - large)) AS points
FROM counted, (SELECT greatest(1, coalesce(any_value(usual), 1)) AS large FROM networks)
WHERE hour IS NULL AND ($by_doors[rule + 1] OR (sources > large AND sources * ln(sources / large) - (sources - large) >= $points));

/* How many targets and ports independent callers seem to choose from: one over the chance that two knocks meet; of targets at least
as many as anybody knocked on, because a crowd at a few says nothing of the others. */
CREATE TEMP TABLE variety AS
SELECT web, targets, ports
FROM (SELECT web, greatest(sum(n) * sum(n) / sum(n * n), CASE WHEN web THEN 1 ELSE count(*) END) AS targets FROM (SELECT web, count(*)::DOUBLE AS n FROM knocks GROUP BY web, target) GROUP BY web)
JOIN (SELECT web, sum(n) * sum(n) / sum(n * n) AS ports FROM (SELECT web, count(*)::DOUBLE AS n FROM knocks GROUP BY web, door) GROUP BY web) USING (web);

/* A source belongs to the group that surprises most. `met` counts pairs of members at one door, which tells shares of a list from
chance even where every door is tried several times over. On the web, who asks for what others of the group ask for is left out. */
CREATE TEMP TABLE grouped AS
WITH gathered AS (
  SELECT appearances.rule, $webs[appearances.rule + 1] AS web, appearances.grp, source, points
  FROM appearances JOIN crowded ON appearances.rule = crowded.rule AND appearances.grp = crowded.grp
    AND appearances.band = crowded.band AND appearances.hour IS NOT DISTINCT FROM crowded.hour),
alike AS (
  SELECT rule, grp, source
  FROM (
    SELECT rule, grp, source, count(*) OVER (PARTITION BY rule, grp, target, door) AS askers
    FROM (SELECT DISTINCT rule, grp, web, source FROM gathered WHERE web) JOIN knocks USING (web, source))
  GROUP BY rule, grp, source
  HAVING avg((askers = 1)::INTEGER) < $own),
members AS (SELECT * FROM gathered ANTI JOIN alike USING (rule, grp, source)),
tested AS (
  SELECT rule, web, grp, count(DISTINCT source) AS sources, count(*)::DOUBLE AS knocks,
    count(DISTINCT (target, door)) AS doors
  FROM members JOIN knocks USING (web, source) GROUP BY rule, web, grp),
own AS (SELECT rule, grp, sum(n * (n - 1) / 2) AS own FROM (
  SELECT rule, grp, source, count(*)::DOUBLE AS n FROM members JOIN knocks USING (web, source) GROUP BY rule, grp, source) GROUP BY rule, grp),
pairs AS (SELECT rule, grp, sum(n * (n - 1) / 2) AS met FROM (
  SELECT rule, grp, target, door, count(*)::DOUBLE AS n FROM members JOIN knocks USING (web, source) GROUP BY rule, grp, target, door) GROUP BY rule, grp),
chances AS (
  SELECT tested.*, met, own, greatest(CASE $chooses[rule + 1] WHEN 'targets' THEN variety.targets WHEN 'ports' THEN variety.ports
    ELSE variety.targets * variety.ports END, 2) AS choice
  FROM tested JOIN variety USING (web) JOIN pairs USING (rule, grp) JOIN own USING (rule, grp)),
expected AS (SELECT *, (knocks * (knocks - 1) / 2 - own) / choice AS expected FROM chances),
sound AS (
  SELECT rule, grp FROM expected
  WHERE sources BETWEEN $least[rule + 1] AND $most_sources AND doors >= greatest($doors_asked[rule + 1], sources)
    AND CASE WHEN $chooses[rule + 1] = 'doors' THEN met <= $slack * expected + 1
      ELSE met < expected AND expected - met + CASE WHEN met > 0 THEN met * ln(met / expected) ELSE 0 END >= $shared END),
best AS (
  SELECT web, source, min({'points': -points, 'rule': rule, 'grp': grp}) AS best
  FROM members SEMI JOIN sound USING (rule, grp) GROUP BY web, source)
SELECT best.rule AS rule, best.grp AS grp, web, source, first_seen,
  row_number() OVER (PARTITION BY best.rule, best.grp ORDER BY first_seen, source) AS place,
  count(*) OVER (PARTITION BY best.rule, best.grp) AS sources,
  first_value(source) OVER (PARTITION BY best.rule, best.grp ORDER BY knocks DESC, source) AS leader
FROM best JOIN callers USING (web, source)
QUALIFY sources >= $least[rule + 1];

/* What members of groups knocked on, for the later stages. */
CREATE TEMP VIEW grouped_doors AS
SELECT source, target, door, class_name(door >> 32) AS class, door >> 24 & 255 AS proto, door & 65535 AS port, make, ts
FROM grouped JOIN knocks USING (web, source) WHERE NOT web;

/* One row a group, in order of time. The verdict falls with the first knock of the member that makes it large enough. */
SELECT rule, web, leader, any_value(sources) AS sources, list(DISTINCT source ORDER BY source) AS members,
  min(ts) AS first_seen, max(ts) AS last_seen, count(DISTINCT (target, door)) AS doors, count(DISTINCT target) AS targets,
  count(DISTINCT door) AS ports, min(door) AS door, web AND avg(make) >= $sensitive AS weaknesses,
  min({'ts': ts, 'record': record, 'source': source}) FILTER (place = $least[rule + 1]) AS settled
FROM grouped JOIN knocks USING (web, source)
GROUP BY rule, web, grp, leader
ORDER BY settled, leader;
