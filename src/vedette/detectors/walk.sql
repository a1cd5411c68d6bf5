/*---
title = "Sequential evidence"
kind = "the shape of what was refused"
technique = "T1595"
why = "Refused contacts that nothing ordinary explains add up over days, whatever the speed, the kind and the order."
blind = ["fewer than some eight closed doors in three days", "doors that a noise rule explains", "spread over many sources (see the groups)"]

[knob.refused]
value = 1.386
why = "ln(0.8 / 0.2): of a scanner's first contacts four in five are refused, of an honest client's one in five (Jung, Paxson, Berger, Balakrishnan: Fast Portscan Detection Using Sequential Hypothesis Testing, 2004)"
[knob.served]
value = -0.35
why = "a quarter of ln(0.2 / 0.8), because a scanner finds open doors too and could open some to look honest; an answered ping says nothing"
[knob.odd]
value = 2.2
why = "ln(0.9 / 0.1): no honest stack sends such flags, and nobody but a scanner asks for ICMP timestamps and masks"
[knob.known_port]
value = 0.8
why = "share of the weight where the same port answers at another host of ours: it may be a stale address of a real service"
[knob.dark_host]
value = 1.1
why = "times the weight where no port of the host ever answered anybody: nobody has an errand there"
[knob.loose]
value = 0.6
why = "share of the weight of UDP and of packets of no connection, whose sources are easily forged and whose answers come late"
[knob.ping]
value = 0.35
why = "share of the weight of a ping, which monitors send to many hosts"
[knob.missing]
value = 0.6
why = "of a page that is not there: readers meet dead links that no rule explains, a few a day"
[knob.family]
value = 0.15
why = "of a further missing page of the same first directory and extension: a section that moved is one accident"
[knob.sensitive]
value = 2.0
why = "of a missing page that scanners look for and readers do not"
[knob.attack]
value = 3.0
why = "of attack text in a URL, answered or not"
[knob.threshold]
value = 11.5
why = "ln(0.99 / 0.00001): one honest client in 100,000 is named, one scanner in a hundred is missed, if contacts are independent"
[knob.half_life]
value = 259200000000
why = "microseconds (three days): a scan of one probe an hour keeps all but a tenth of its evidence; accidents of different weeks do not add up"
---*/
/* A sequential test for each source that no window settled: a walk over its first contacts in event time.

A refused contact that no rule explains adds its weight, a served one takes some away, an explained one does neither; between
contacts the sum decays; it never falls below zero, so that an hour of good behaviour buys no scan. The source is named when the sum
reaches the threshold, by the contact that takes it there. In the units of a fixed time zero, weights grow as 2^(t / half life)
where the sum would decay, and the walk with its floor is a running sum less its least value so far: two window functions. */
CREATE TEMP TABLE walked AS
WITH answering AS (SELECT DISTINCT port, proto FROM doors WHERE answers),
alive AS (SELECT DISTINCT target FROM doors WHERE answers),
weighed AS (
  SELECT source, contact, class, target, port, first_seen,
    '' AS path, CASE WHEN answered > 0 THEN CASE class WHEN 'icmp' THEN 0 ELSE $served END
      WHEN class = 'icmp' AND door & 65535 NOT IN (8, 128) THEN $odd
      ELSE CASE class WHEN 'stealth' THEN $odd WHEN 'icmp' THEN $refused * $ping WHEN 'udp' THEN $refused * $loose WHEN 'ack' THEN $refused * $loose ELSE $refused END
        * CASE WHEN (port, proto) IN (SELECT (port, proto) FROM answering) THEN $known_port ELSE 1 END
        * CASE WHEN target IN (FROM alive) THEN 1 ELSE $dark_host END
      END AS weight
  FROM contacts
  WHERE class <> 'reply' AND (answered > 0 OR contact IN (SELECT contact FROM unexplained)) AND source NOT IN (FROM settled_sources)
  PAGES),
enough AS (SELECT source, min(first_seen) AS zero FROM weighed GROUP BY source HAVING sum(CASE WHEN weight > 0 THEN weight END ORDER BY first_seen, contact) >= $threshold),
scaled AS (
  SELECT weighed.*, 2 ** ((first_seen - zero) / $half_life) AS scale FROM weighed JOIN enough USING (source)),
summed AS (
  SELECT *, sum(weight * scale) OVER (PARTITION BY source ORDER BY first_seen, contact ROWS UNBOUNDED PRECEDING) AS total FROM scaled),
floored AS (
  SELECT *, least(0, min(total) OVER (PARTITION BY source ORDER BY first_seen, contact ROWS UNBOUNDED PRECEDING)) AS lowest FROM summed)
SELECT source, contact, class, target, port, path, first_seen, weight, (total - lowest) / scale AS score FROM floored;

/* One row a source that reached the threshold, with the shape of its refused contacts. */
WITH reached AS (
  SELECT source, min({'at': first_seen, 'contact': contact}) AS settled FROM walked WHERE score >= $threshold GROUP BY source),
shapes AS (
  SELECT source, count(*) AS contacts, count(DISTINCT target) AS targets, count(DISTINCT port) AS ports,
    min(first_seen) AS first_seen, max(first_seen) AS last_seen,
    count(CASE WHEN path <> '' THEN 1 END) AS pages, count(CASE WHEN path <> '' AND weight >= $sensitive THEN 1 END) AS holes,
    count(CASE WHEN class IN ('stealth', 'ack') THEN 1 END) AS stealth, count(CASE WHEN class = 'udp' THEN 1 END) AS udp,
    count(CASE WHEN class = 'icmp' THEN 1 END) AS icmp
  FROM walked SEMI JOIN reached USING (source) WHERE weight > 0 GROUP BY source),
records AS (
  SELECT contact, ts, min(record) AS record
  FROM (SELECT contact, ts, record FROM probes SIGHTINGS)
  WHERE contact IN (SELECT settled.contact FROM reached) GROUP BY contact, ts)
SELECT source, settled.at AS detected_at, record AS settled_by, contacts, targets, ports, pages, first_seen, last_seen,
  CASE WHEN 2 * pages >= contacts THEN CASE WHEN 2 * holes >= pages THEN 'web_vuln' ELSE 'web_wordlist' END
    WHEN 2 * stealth >= contacts THEN 'stealth' WHEN 2 * icmp >= contacts THEN 'icmp_sweep' WHEN 2 * udp >= contacts THEN 'udp'
    WHEN targets <= 2 AND ports > targets THEN 'vertical' WHEN ports <= 2 OR targets >= 4 * ports THEN 'horizontal'
    WHEN ports >= 4 * targets THEN 'vertical' ELSE 'block' END AS kind
FROM reached JOIN shapes USING (source) JOIN records ON records.contact = settled.contact AND records.ts = settled.at
ORDER BY detected_at, source
