-- Splunk ESCU (knob: internal_only, as they ship): Internal Horizontal Port Scan, Internal Vertical Port Scan.
--
-- Thresholds: 250 targets of one source on one port and protocol; 500 ports of one source at one target and protocol, 20 of them below 1024.
-- Windows: hours of the clock.
--
-- As shipped both look at sources of RFC 1918 only.
-- Approximated: scheduled as ESCU's searches are, every hour over the minutes from 70 to 10 before, so that an hour of the
-- clock is seen in two parts. Internal Vulnerability Scan counts signatures of an IDS, which these logs do not hold.
with seen as (
    select *, ts // 3600000000 as hour, ((ts + 600000000) // 3600000000 + 1) * 3600000000 as run
    from events
    where dst is not null and dst_port is not null and proto in ('tcp', 'udp') and (not $internal_only or private)
)
select src as source, run as alerted, null::bigint as record
from seen
group by src, dst_port, proto, hour, run
having count(distinct dst) >= 250
union all
select src, run, null
from seen
group by src, dst, proto, hour, run
having count(distinct dst_port) >= 500 and count(distinct dst_port) filter (dst_port < 1024) >= 20
