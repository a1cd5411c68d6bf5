-- The AQL search that this project begins with: every denied event of the last 24 hours whose source is not of RFC 1918,
-- newest first. Here: one row for each source that it lists.
--
-- Thresholds: one denied event. Windows: 24 hours.
-- Approximated: the search is run by hand; here once a day at midnight UTC. Its log sources are firewalls, so only what a
-- firewall denied is a denied event, not what a web server answered with 403.
select src as source, (ts // 86400000000 + 1) * 86400000000 as alerted, null::bigint as record
from events
where action = 'deny' and not private
