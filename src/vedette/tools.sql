/* What tells the tool of an offense, all of whose sources speak for it (`led`, see scoring.sql). The words in capitals are made
from knowledge/tools.toml by tools.py. */

/* One pass over the probes: what opens a connection or carries odd flags (neither RST nor ACK), a lone ACK, and what a device logs
without flags. A value that the packets of one run share is counted by grouping; only packets that a `same` mark asks for have
one, so that sequence numbers without meaning make no groups. */
CREATE TEMP TABLE packet_facts AS
SELECT lead AS source, sum(packets)::BIGINT AS syns, WHOLE
FROM (
  SELECT source, lead, sum(packets) AS packets, EACH
  FROM (
    SELECT source, lead, ASKED AS asked, SHARED AS shared, count(*) AS packets, COUNTS
    FROM probes JOIN led USING (source)
    WHERE proto = 6 AND (tcp_flags IS NULL OR tcp_flags & 20 = 0 OR tcp_flags & 63 = 16)
    GROUP BY 1, 2, 3, 4)
  GROUP BY source, lead)
GROUP BY lead;
