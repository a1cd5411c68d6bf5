-- Microsoft Sentinel, ASIM rules of Network Session Essentials and Web Session Essentials: Port scan detected, Potential File Enumeration
-- Activity, multiple client errors within a brief period of time.
--
-- Thresholds: more than 50 different ports of one public source, whatever became of it; more than 10 GET answered with 404 of one
-- source; more than 100 answers from 400 to 499 of one source. Windows: fixed; 5 minutes, an hour, 5 minutes of the
-- clock; all three run once an hour over the last one.
--
-- Approximated: runs lie on the full hour and nothing arrives late. Network Port Sweep from External Network is left out, because
-- it counts by port alone and names no source; Excessive number of HTTP failures (5,000 in 5 minutes) because the third rule is
-- stricter.
with seen as (
    select *, (ts // 3600000000 + 1) * 3600000000 as run from events
)
select src as source, run as alerted, null::bigint as record
from seen where not private and dst_port is not null and dst is not null
group by src, run, ts // 300000000
having count(distinct dst_port) > 50
union all
select src, run, null
from seen where http_status = 404 and http_method = 'GET'
group by src, run
having count(*) > 10
union all
select src, run, null
from seen where http_status between 400 and 499
group by src, run, ts // 300000000
having count(*) > 100
