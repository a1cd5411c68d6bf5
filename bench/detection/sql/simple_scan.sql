-- Zeek with the package bro-simple-scan, which is also what Malcolm ships: Scan::Address_Scan, Port_Scan, Random_Scan.
--
-- Thresholds, for remote sources: 25 different pairs of host and port with a failed connection, or 20 different hosts on one port
-- ("knock-knock"). Windows: sliding; what is known of a source is forgotten 15 minutes after its last failed connection, a
-- repeated one included (read_expire).
--
-- Approximated: a failed connection is a refused TCP packet with SYN alone (history S, SW, Sr, SWr). No darknet is
-- configured, as installed. Sources of our own networks (250) do not occur in logs of what comes in. Zeek tells an attempt that nobody
-- answers 5 s after its SYN (tcp_attempt_delay), hence 5 s later.
with failed as (
    select n, ts, src, dst, dst_port as port,
           ts - lag(ts) over (partition by src order by n) as gap
    from events
    where proto = 'tcp' and tcp_flags = 'S' and action = 'deny'
), remembered as (
    select *, sum((gap is null or gap > 900000000)::int) over (partition by src order by n) as life from failed
), attempts as (  -- the first of each pair of host and port within a life
    select distinct on (src, life, dst, port) n, ts, src, life, port from remembered order by n
), counted as (
    select n, ts, src,
           count(*) over (partition by src, life order by n) as pairs,
           count(*) over (partition by src, life, port order by n) as hosts
    from attempts
)
select src as source, ts + 5000000 as alerted, n as record
from counted
where pairs >= 25 or hosts >= 20
