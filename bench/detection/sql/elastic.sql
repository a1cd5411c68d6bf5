-- Elastic's prebuilt rules (knob: internal_only, as they ship): Potential Network Scan Detected, Potential SYN-Based Port Scan
-- Detected, Potential Network Sweep Detected, Web Server Discovery or Fuzzing Activity.
--
-- Thresholds: 50 different ports, or 5 of 13 sensitive ones, of one source at one target within a minute of the clock; 250
-- different ports of one source at one target; 100 targets of one source on 9 ports; more than 500 GET answered with 403 or 404 for more than
-- 250 different URLs of one source. Windows: fixed; the first three run every 5 minutes over the last 9, the last
-- every 10 over the last 11.
--
-- As shipped the first three look at sources of RFC 1918 only.
-- Approximated: the rules read flows; here each firewall record is one, and a refused one has at most 2 packets. Runs lie on full minutes
-- of the clock, nothing arrives late, and the limit of 5 alerts in a run is not applied, which favours the rules.
with watched as (
    select * from events where not $internal_only or private
), runs as (
    select w.*, (ts // 300000000 + 1 + late) * 300000000 as run
    from watched w, (values (0), (1)) as later(late)
    where dst is not null and ts >= (ts // 300000000 + 1 + late) * 300000000 - 540000000
), web as (
    select e.*, (ts // 600000000 + 1 + late) * 600000000 as run
    from events e, (values (0), (1)) as later(late)
    where http_method = 'GET' and http_status in (403, 404)
      and ts >= (ts // 600000000 + 1 + late) * 600000000 - 660000000
)
select src as source, min(ts // 300000000 + 1) * 300000000 as alerted, null::bigint as record
from watched
where dst is not null and dst_port is not null
group by src, dst, ts // 60000000
having count(distinct dst_port) >= 50
    or count(distinct dst_port) filter (dst_port in (21, 22, 23, 53, 88, 139, 389, 445, 3389, 5900, 5985, 5986, 9389)) >= 5
union all
select src, run, null
from runs where action = 'deny'
group by src, dst, run
having count(distinct dst_port) >= 250
union all
select src, run, null
from runs where dst_port in (21, 22, 23, 25, 139, 445, 3389, 5985, 5986)
group by src, run
having count(distinct dst) >= 100
union all
select src, run, null
from web
group by src, run
having count(*) > 500 and count(distinct lower(url)) > 250
