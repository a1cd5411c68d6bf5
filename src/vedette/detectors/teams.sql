/*---
title = "Scanners that are one"
kind = "distributed, or the members' own"
technique = "T1595"
why = "Named scanners of one make that share a list, stand in one network or come and go together are one scanner, and one offense."
blind = ["shares that begin hours apart", "a scanner that goes on from an unrelated address with a new part of a block", "members with packets of different makes"]

[knob.gap]
value = 3600000000
why = "microseconds between the end of one member's work and the begin of the next one's: a list that is handed on is taken up at once"
[knob.few]
value = 3
why = "two scanners of one make may meet by chance at complementary doors; twice as many are asked where the log does not tell makes apart"
[knob.alike]
value = 4
why = "times more or less than the median member: shares of one list are about equal"
[knob.points]
value = 12
why = "natural logarithm of the odds against so few repeats by chance; some thousand sets of scanners are tried"
[knob.agents]
value = 4
why = "user agents of one scanner: with more it names another one each time"
[knob.moment]
value = 5000000
why = "microseconds: a tool that forges sources sends each probe from all of them before the next"
[knob.start]
value = 600000000
why = "microseconds between the begins of shares that somebody starts by hand; of slow ones a tenth of their time"
[knob.common]
value = 0.6
why = "of the ports and of the hosts that draws at random from all of the members' would have met, each met so many: shares of one list"
[knob.same]
value = 0.6
why = "of the doors that any of the decoys tried, each tried so many, where lines are lost"
---*/
/* Scanners with findings of their own that are one scanner: shares of one list, addresses of one network, decoys.

Reads `scanners` (source) and their contacts, which of members of groups are `grouped_doors`. A set of them is a team if they are
of one make, work at the same time or one after the other, and either stand in one network (two unrelated users of one provider are
told apart by their tools, and bots with the mark of Mirai work each for itself), or share ports, hosts or a site and meet at far
fewer doors than as many independent scanners would, or come and go together at the very same doors. */

/* Contact by contact: `place` is the target or the site, `thing` the door or the page. */
CREATE TEMP TABLE works AS
SELECT source, FALSE AS web, target AS place, door AS thing, first_seen, last_seen
FROM unexplained SEMI JOIN scanners USING (source)
UNION ALL
SELECT source, FALSE, target, door, ts, ts
FROM grouped_doors SEMI JOIN scanners USING (source)
WHERE source NOT IN (SELECT source FROM unexplained)
PAGES;

CREATE TEMP TABLE profiles AS
WITH sizes AS (
  SELECT source, web, count(*) AS size, min(first_seen) AS first_seen, max(last_seen) AS last_seen FROM works GROUP BY source, web),
packets AS (
  SELECT source, make, count(*) AS packets FROM probes SEMI JOIN scanners USING (source) GROUP BY source, make),
makes AS (SELECT FALSE AS web, source, max({'packets': packets, 'make': make}).make::BIGINT AS make FROM packets GROUP BY source AGENTS),
things AS (SELECT source, web, bit_xor(hash(thing)) AS things, count(*) AS kinds FROM (SELECT DISTINCT source, web, thing FROM works) GROUP BY source, web),
places AS (SELECT source, web, bit_xor(hash(place)) AS places, min(place) AS lowest, count(*) AS hosts FROM (SELECT DISTINCT source, web, place FROM works) GROUP BY source, web)
SELECT *, make AS kin, network_of(source) AS network
FROM sizes JOIN things USING (source, web) JOIN places USING (source, web) LEFT JOIN makes USING (source, web);

/* Who could belong together, parted where nobody worked for an hour. Rules: 0 one network, 1 the same doors on different
hosts, 2 the same hosts or site at different doors, 3 the same at the same time, 4 most of the same hosts and ports,
5 one site from a common begin, each with an agent of its own, 6 most of the same hosts and ports, one after the other. */
CREATE TEMP TABLE crews AS
WITH offered AS (
  SELECT 0 AS rule, hash(web, CASE WHEN web THEN 0 ELSE kin END, network) AS grp, $gap AS gap, * FROM profiles WHERE web OR kin <> -1
  UNION ALL SELECT 1, hash(kin, things), $gap, * FROM profiles WHERE NOT web
  UNION ALL SELECT 2, hash(web, kin, places), $gap, * FROM profiles
  UNION ALL SELECT 3, hash(kin, places), $moment, * FROM profiles WHERE NOT web
  UNION ALL SELECT 4, hash(kin), greatest($start, (last_seen - first_seen) // 10), * FROM profiles WHERE NOT web
  UNION ALL SELECT 5, hash(places), $start, * FROM profiles WHERE web
  UNION ALL SELECT 6, hash(kin, lowest), $gap, * FROM profiles WHERE NOT web),
begun AS (
  SELECT *, first_seen > gap + max(CASE WHEN rule IN (3, 4, 5) THEN first_seen ELSE last_seen END)
    OVER (PARTITION BY rule, grp ORDER BY first_seen, source ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS fresh
  FROM offered),
parted AS (
  SELECT *, sum(coalesce(fresh, TRUE)::INTEGER) OVER (PARTITION BY rule, grp ORDER BY first_seen, source ROWS UNBOUNDED PRECEDING) AS part
  FROM begun),
usual AS (SELECT rule, grp, part, median(size) AS usual FROM parted GROUP BY rule, grp, part)
SELECT rule, grp, part, source, web, size, kinds, hosts, first_seen, last_seen
FROM parted JOIN usual USING (rule, grp, part)
WHERE rule = 0 OR size BETWEEN usual / $alike AND usual * $alike
QUALIFY count(*) OVER (PARTITION BY rule, grp, part) >= CASE WHEN rule IN (0, 3) THEN 2 WHEN kin = -3 AND rule <> 5 THEN 2 * $few ELSE $few END;

/* `expected` is how often the members would meet if each chose its doors for itself, block by block (256 addresses, or the whole
where they share the hosts), because whoever scans chooses the networks first. `choice` is how many doors of a block there are to
choose from: what anybody tried of its hosts at the members' ports, or of their hosts at all. */
CREATE TEMP TABLE teams AS
WITH done AS (
  SELECT rule, grp, part, web, source, place, thing, CASE WHEN rule IN (1, 4, 6) THEN place >> 8 ELSE 0 END AS block
  FROM crews JOIN works USING (source, web)),
facts AS (
  SELECT rule, grp, part, web, count(DISTINCT source) AS sources, count(*)::DOUBLE AS tried, count(DISTINCT (place, thing))::DOUBLE AS doors,
    count(DISTINCT place)::DOUBLE AS places, count(DISTINCT thing)::DOUBLE AS things
  FROM done GROUP BY rule, grp, part, web),
blocks AS (SELECT rule, grp, part, web, block, count(DISTINCT place)::DOUBLE AS hosts FROM done GROUP BY rule, grp, part, web, block),
known_hosts AS (SELECT place >> 8 AS block, count(DISTINCT place)::DOUBLE AS known FROM works WHERE NOT web GROUP BY 1),
known_things AS (SELECT web, count(DISTINCT thing)::DOUBLE AS known FROM works GROUP BY web),
choices AS (
  SELECT rule, grp, part, web, blocks.block,
    CASE rule WHEN 1 THEN known_hosts.known * things WHEN 4 THEN hosts * things WHEN 6 THEN hosts * things ELSE hosts * known_things.known END AS choice
  FROM blocks JOIN facts USING (rule, grp, part, web) JOIN known_things USING (web) LEFT JOIN known_hosts ON NOT web AND known_hosts.block = blocks.block),
shares AS (SELECT rule, grp, part, web, block, source, count(*)::DOUBLE AS share FROM done GROUP BY rule, grp, part, web, block, source),
chances AS (
  SELECT rule, grp, part, web, block, sum(share) - any_value(choice) + any_value(choice) * exp(sum(ln(greatest(1 - share / choice, 1e-9)) ORDER BY share, source)) AS expected
  FROM shares JOIN choices USING (rule, grp, part, web, block) GROUP BY rule, grp, part, web, block),
met AS (
  SELECT facts.*, tried - doors AS repeats, expected
  FROM facts JOIN (SELECT rule, grp, part, web, sum(expected ORDER BY block) AS expected FROM chances GROUP BY rule, grp, part, web) USING (rule, grp, part, web)),
spans AS (
  SELECT rule, grp, part, max(last_seen) - min(last_seen) AS ends, median(kinds) AS kinds, median(hosts) AS hosts, median(size) AS size FROM crews GROUP BY rule, grp, part)
SELECT rule, grp, part, sources::INTEGER AS sources, tried::BIGINT AS tried, doors::BIGINT AS doors, repeats::BIGINT AS repeats, expected
FROM met JOIN spans USING (rule, grp, part)
WHERE CASE
  WHEN rule = 0 THEN TRUE
  WHEN rule = 3 THEN ends <= 2 * $moment AND tried / sources >= $same * doors
  WHEN rule IN (4, 6) THEN kinds >= $common * things * (1 - (1 - 1 / things) ** size) AND hosts >= $common * places * (1 - (1 - 1 / places) ** size)
  ELSE TRUE END
  AND (rule IN (0, 3) OR repeats < expected AND expected - repeats + CASE WHEN repeats > 0 THEN repeats * ln(repeats / expected) ELSE 0 END >= $points);

SELECT rule, sources, tried, doors, repeats, expected, list({'size': size, 'source': source} ORDER BY size DESC, source) AS members
FROM teams JOIN crews USING (rule, grp, part)
GROUP BY rule, grp, part, sources, tried, doors, repeats, expected
ORDER BY rule DESC, sources DESC, tried DESC, members
