/* From events to contacts, for the sources that could be scanning.

A source is an address, of IPv6 the /64, as one BIGINT: the lower half of a mapped IPv4 address,
else the upper half of the IPv6 address; the two cannot meet in addresses that are in use. A contact
is (source, target, door); repeating it is no new evidence. OUTSIDE and TOWARDS are the two halves of
the test for inbound records, which direction.py makes from the home networks. */

CREATE TYPE class AS ENUM ('syn', 'ack', 'stealth', 'udp', 'icmp', 'other', 'reply');

CREATE MACRO source_key(hi, lo) AS CASE WHEN hi = 0 THEN lo ELSE hi END;

/* The network that one operator's addresses mostly share: of IPv4 the /24, of IPv6 the /48. */
CREATE MACRO network_of(source) AS CASE WHEN source >> 32 = 65535 THEN source >> 8 ELSE source >> 16 END;

/* Addresses that may well have one owner: a /16, of IPv6 a /32. Sources of several are unrelated. */
CREATE MACRO provider_of(source) AS CASE WHEN source >> 32 = 65535 THEN source >> 16 ELSE source >> 32 END;

CREATE MACRO target_key(hi, lo) AS coalesce(CASE WHEN hi = 0 THEN lo ELSE (hash(hi, lo) >> 1)::BIGINT END, 0);

/* Bits: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG. No stack opens, carries or ends a connection so. */
CREATE MACRO is_odd(flags) AS flags & 63 <> 2 AND flags & 4 = 0 AND flags & 19 <> 18 AND flags & 50 <> 16;

/* The class by number, so that the pass over the events moves integers only. A device that logs no
flags logs the opening of a connection. ICMP errors and answers, and IPv6 neighbour discovery, are
never probes. */
CREATE MACRO class_number(proto, flags, icmp) AS CASE
  WHEN proto = 6 AND flags IS NOT NULL THEN CASE
    WHEN flags & 63 = 2 THEN 0 WHEN is_odd(flags) THEN 2 WHEN flags & 54 = 16 THEN 1 ELSE 6 END
  WHEN proto = 17 THEN 3
  WHEN proto = 1 THEN CASE WHEN coalesce(icmp, 8) IN (8, 13, 15, 17) THEN 4 ELSE 6 END
  WHEN proto = 58 THEN CASE WHEN coalesce(icmp, 128) = 128 THEN 4 ELSE 6 END
  WHEN proto = 6 OR proto IS NULL THEN 0
  ELSE 5 END;

CREATE MACRO class_name(number) AS CASE number WHEN 0 THEN 'syn'::class WHEN 1 THEN 'ack'::class WHEN 2 THEN 'stealth'::class
  WHEN 3 THEN 'udp'::class WHEN 4 THEN 'icmp'::class WHEN 5 THEN 'other'::class ELSE 'reply'::class END;

/* What tells two contacts with one target apart, in one number: port or ICMP type (16 bits), odd flags
(8), because OS fingerprinting repeats two ports with many shapes, protocol (8) and class. */
CREATE MACRO door_key(proto, flags, port, icmp) AS
  CASE WHEN proto IN (1, 58) THEN coalesce(icmp, 8) ELSE coalesce(port, 0) END::BIGINT
  + CASE WHEN proto = 6 AND flags IS NOT NULL AND is_odd(flags) THEN flags::BIGINT << 16 ELSE 0 END
  + (coalesce(proto, 6)::BIGINT << 24) + (class_number(proto, flags, icmp)::BIGINT << 32);

/* What packets of one program have in common: what a tool writes into each of them (Mirai the target, ZMap before 4.1 a
fixed IP ID, nmap one of four windows), else the window; -3 where the log does not say. */
CREATE MACRO make_of(target, seq, ip_id, "window") AS CASE WHEN seq = target & 4294967295 THEN -1 WHEN ip_id = 54321 THEN -2
  WHEN "window" IN (2048, 3072, 4096) THEN 1024 ELSE coalesce("window", -3) END;

/* Firewalls log these without ports: each packet may be for another, and a host that has nothing of the kind is sent no twenty of them. */
CREATE MACRO is_portless(proto, port) AS proto IN (33, 132, 136) AND coalesce(port, 0) = 0;

CREATE MACRO contact_key(source, target, door) AS (hash(source, target, door) >> 1)::BIGINT;

/* This statement reads every event, so it is all integers and one GROUP BY: two masks of 64 bits of
hashed doors for each source. A mask never counts more doors than there are; both together fall two
short once in some 30,000 sources. Answered contacts and answers of others' servers are no evidence, unless they come
to reserved ports, from which nobody asks; a ping is one though it was let in, but no event of the background. The test is one
CASE, because an engine takes twice as long for the same in ANDs and ORs. Who is outside is asked of the sources, not of the events:
with a count in it the test cannot be moved below the grouping. */
CREATE TEMP TABLE knockers AS
SELECT source, greatest(bit_count(bit_or(1::UBIGINT << (door & 63))), bit_count(bit_or(1::UBIGINT << ((door >> 32) & 63)))) AS doors,
  count(CASE WHEN action IS DISTINCT FROM 1 THEN 1 END) AS events
FROM (
  SELECT source_key(src_hi, src_lo) AS source, action, hash(dst_hi, dst_lo, dst_port, icmp_type,
    CASE WHEN is_portless(proto, dst_port) THEN xor(ts, coalesce(ip_id, 0)::BIGINT << 46) ELSE tcp_flags END, proto) AS door
  FROM events
  WHERE url IS NULL AND src_lo IS NOT NULL AND TOWARDS AND CASE
    WHEN action = 1 AND icmp_type IS NULL THEN 0
    WHEN dst_port < 1024 OR tcp_flags IS NULL THEN 1
    WHEN tcp_flags & 4 = 0 AND tcp_flags & 18 <> 18 THEN 1 ELSE 0 END = 1
)
GROUP BY source
HAVING CASE WHEN count(*) > 0 THEN OUTSIDE END;

CREATE TEMP TABLE candidates AS SELECT source FROM knockers WHERE doors >= $floor;

/* Smaller sources may be members of a group. With more callers than a crowd those at one door are left out, with more at two doors
and more those at two: they cost most, and a few among so many tell nothing. */
CREATE TEMP TABLE watched AS
SELECT source, doors FROM knockers
WHERE doors >= (
  SELECT least($floor, CASE WHEN count(CASE WHEN doors >= 2 THEN 1 END) > $crowd THEN 3 WHEN count(*) > $crowd THEN 2 ELSE 1 END) FROM knockers);

/* The second and last look at the events: what those sources did, one row a record, and for how many events it stands. Of a flow of
datagrams that nobody let in, each packet is a try; packets of a TCP flow are one connection. */
CREATE TEMP TABLE probes AS
SELECT contact_key(source, target_key(dst_hi, dst_lo), door) AS contact, *
FROM (
  SELECT source_key(src_hi, src_lo) AS source, door_key(proto, tcp_flags, dst_port, icmp_type) AS door,
    make_of(dst_lo, tcp_seq, ip_id, tcp_window) AS make, dst_hi, dst_lo, src_port, dst_port, proto, tcp_flags, tcp_seq, ip_id,
    tcp_window, action, coalesce(count, CASE WHEN proto = 17 AND action IS DISTINCT FROM 1 THEN packets END, 1) AS times, ts, record
  FROM events
  WHERE source_key(src_hi, src_lo) IN (SELECT source FROM watched) AND url IS NULL AND TOWARDS
);

/* Answers come to the ports from which somebody asked, in our name or not: spread over all ports, or to one. Whose answers come
to five reserved ports, from which nobody asks, and hardly to any other, sends them to see what we do; such a one is like a bare ACK. So
does who sends them to reserved ports of one host after the other and to none twice, where the answers of a victim come at random. */
CREATE TEMP TABLE contacts AS
WITH grouped AS (
  SELECT contact, min(source) AS source, min(door) AS door, min(coalesce(dst_hi, 0)) AS dst_hi, min(coalesce(dst_lo, 0)) AS dst_lo,
    count(*) AS records, sum(times)::BIGINT AS times,
    greatest(bit_count(bit_or(1::UBIGINT << (ts // 60000000 % 61)::UBIGINT)), bit_count(bit_or(1::UBIGINT << (ts // 60000000 % 53)::UBIGINT))) AS minutes,
    min(ts) AS first_seen, max(ts) AS last_seen, min(CASE WHEN action = 1 THEN ts END) AS first_answered,
    count(CASE WHEN action = 0 THEN 1 END) AS refused, count(CASE WHEN action = 1 THEN 1 END) AS answered,
    min(src_port) AS low_src_port, max(src_port) AS high_src_port
  FROM probes
  WHERE source IN (FROM candidates)
  GROUP BY contact),
answering AS (
  SELECT source
  FROM grouped
  WHERE class_name(door >> 32) = 'reply' AND door >> 24 & 255 = 6
  GROUP BY source
  HAVING avg((door & 65535 < 1024)::INTEGER) >= 0.8
    AND (count(DISTINCT CASE WHEN door & 65535 < 1024 THEN door & 65535 END) >= 5
      OR sum(records) = count(DISTINCT (dst_hi, dst_lo)) AND count(*) ** 2 / 2 >= $meetings * (SELECT count(DISTINCT dst_lo) FROM grouped WHERE dst_hi = 0)))
SELECT *, target_key(dst_hi, dst_lo) AS target, (door >> 16 & 255)::INTEGER AS shape, (door >> 24 & 255)::INTEGER AS proto,
  CASE WHEN class_name(door >> 32) = 'reply' AND door & 65535 < 1024 AND source IN (FROM answering) THEN 'ack' ELSE class_name(door >> 32) END AS class,
  CASE WHEN door >> 24 & 255 IN (1, 58) THEN 0 ELSE door & 65535 END::INTEGER AS port,
  is_portless(door >> 24 & 255, door & 65535) AND records >= $portless AS portless
FROM grouped;

/* Evidence is what was refused, or never answered, by the few sources that have enough of it; and pings where most are let in,
which says nothing of who sends them. Where most are refused a monitor shows by these: of what is let in a firewall may log
the first one alone. */
CREATE TEMP TABLE evidence AS
WITH let_in AS (
  SELECT source FROM contacts WHERE class = 'icmp' GROUP BY source HAVING avg((answered > 0)::INTEGER) > 0.5),
untold AS (
  SELECT * FROM contacts WHERE (answered = 0 OR (class = 'icmp' AND source IN (FROM let_in))) AND class <> 'reply')
SELECT * FROM untold WHERE source IN (
  SELECT source FROM untold GROUP BY source HAVING count(*) >= $lowest OR bool_or(portless));

/* What the noise rules ask of our own side: which doors answered anybody, how many were refused at each
(hashed into 64: a crowd is a crowd), and ports that people run services on. */
CREATE TEMP TABLE doors AS
SELECT target_key(dst_hi, dst_lo) AS target, dst_port AS port, proto, coalesce(max(action = 1), FALSE) AS answers,
  bit_or(CASE WHEN action = 1 THEN 0 ELSE 1::UBIGINT << (hash(src_hi, src_lo) & 63) END) AS mask, bit_count(mask) AS callers
FROM events
WHERE dst_port IS NOT NULL AND url IS NULL AND coalesce(proto, 6) NOT IN (1, 58)
GROUP BY 1, 2, 3;

/* Doors to which most callers come in the same minutes: forged sources of a scan (decoys) come with it, to the second. */
CREATE TEMP TABLE at_once AS
SELECT target, door FROM evidence
GROUP BY target, door
HAVING count(*) > 2 AND count(DISTINCT first_seen // 60000000) < $apart * count(*);

/* The doors of evidence again: who else was refused there, and how many usually are at the same port of the host's neighbours (256
addresses; NULL where too few of them are known to tell). */
CREATE TEMP TABLE meetings AS
WITH asked AS (SELECT DISTINCT target, port, proto, target >> 8 AS block FROM evidence WHERE class IN ('syn', 'udp')),
known AS (SELECT *, target >> 8 AS block FROM doors WHERE callers > 0),
blocks AS (SELECT block, count(DISTINCT target) AS hosts FROM known SEMI JOIN asked USING (block) GROUP BY block),
alike AS (SELECT block, port, proto, sum(callers) AS callers FROM known SEMI JOIN asked USING (block, port, proto) GROUP BY ALL)
SELECT known.target AS target, known.port AS port, known.proto AS proto, known.callers AS callers, mask,
  CASE WHEN hosts > $neighbours THEN (alike.callers - known.callers) / (hosts - 1) END AS usual
FROM known SEMI JOIN asked USING (target, port, proto) JOIN blocks USING (block) JOIN alike USING (block, port, proto);

CREATE TEMP TABLE service_ports AS SELECT unnest($service_ports::INTEGER[]) AS port;

CREATE TEMP TABLE purposes AS SELECT unnest($purposes::STRUCT(purpose VARCHAR, port INTEGER)[], recursive := true);
