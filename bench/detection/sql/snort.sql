-- Snort 3, inspector port_scan, sensitivity medium (tcp, udp: ports, decoy, sweep, dist; icmp: sweep; knob: silent, the firewall
-- drops what it refuses and nothing comes back).
--
-- Thresholds (scans, rejects, nets, ports): ports 200, 10, 60, 15; decoy 200, 30, 120, 60; sweep 30, 7, 7, 10;
-- dist 200, 30, 120, 30. Windows: 90 s, tumbling, one for each host that sends and one for each host that is sent to: a
-- window begins with the first packet after the one before has ended. As in the original, nets and ports count how often
-- the address and the port differ from the packet's before, not how many different ones there are.
--
-- Approximated: Snort counts resets and unreachables that come back, or else connections that never came about ("scans"). The
-- log does not tell whether a refused packet was answered: here all were, which favours the rule, or with `silent` none. A packet
-- that was let in counts as a connection that came about. The scans of IP protocols are left out. ICMP has the
-- thresholds of the sweep. Snort names the source of the packet that crosses the threshold.
with recursive packets as (
    select n, ts // 1000000 as sec, src, dst, proto, coalesce(dst_port, 0) as port, (action = 'deny')::int as refused
    from events
    where dst is not null and (proto in ('tcp', 'udp') or icmp_type in (8, 13, 15, 17))
), tracked as (
    select 'sender' as side, src as host, dst as other, * exclude dst from packets
    union all
    select 'target' as side, dst as host, src as other, * exclude dst from packets where proto in ('tcp', 'udp')
), busy as (  -- a host that has never had seven refused packets in 90 s crosses no threshold
    select distinct side, host, proto
    from (select side, host, proto, sec - lag(sec, 6) over (partition by side, host, proto order by n) as span
          from tracked where refused = 1)
    where span <= 90
), kept as (
    select *, sec - lag(sec) over (partition by side, host, proto order by n) as gap
    from tracked semi join busy using (side, host, proto)
), bursts as (  -- after 90 s of silence a new window begins, whatever came before, so bursts can be cut up side by side
    select *, sum((gap is null or gap > 90)::int) over (partition by side, host, proto order by n) as burst
    from kept
), seconds as (
    select distinct side, host, proto, burst, sec from bursts
), starts as (
    select side, host, proto, burst, min(sec) as start from seconds group by all
    union
    select s.side, s.host, s.proto, s.burst, min(b.sec)
    from starts s join seconds b
      on (b.side, b.host, b.proto, b.burst) = (s.side, s.host, s.proto, s.burst) and b.sec > s.start + 90
    group by all
), placed as (
    select b.*, s.start
    from bursts b asof join starts s
      on b.side = s.side and b.host = s.host and b.proto = s.proto and b.burst = s.burst and b.sec >= s.start
), changes as (
    select *,
           (other is distinct from lag(other) over w)::int as moved,
           (port <> coalesce(lag(port) over w, 0))::int as turned
    from placed
    window w as (partition by side, host, proto, start order by n)
), counted as (
    select n, sec, src, side, proto,
           sum(refused) over w as refusals, sum(moved) over w as nets, sum(turned) over w as ports
    from changes
    window w as (partition by side, host, proto, start order by n)
), sending as (
    select n, refusals from counted where side = 'sender'
)
select c.src as source, c.sec * 1000000 as alerted, c.n as record
from counted c left join sending s using (n)
where case
    when c.side = 'sender' then
        c.refusals >= if($silent, 30, 7) and c.nets >= 7 and c.ports <= 10
    else
        (c.refusals >= if($silent, 200, 10) and ($silent or s.refusals >= 10) and c.nets < 60 and c.ports >= 15)
        or (c.refusals >= if($silent, 200, 30) and c.nets >= 120 and c.ports >= 60)
        or (c.refusals >= if($silent, 200, 30) and c.nets <= 120 and c.ports >= 30)
    end
