-- What an analyst writes over raw lines: refused probes by source and hour with ten or more distinct targets and ports.
with fields as (
    select regexp_extract(line, '^(\w+ +\d+ \d+):.* SRC=([0-9a-f.:]+) DST=([0-9a-f.:]+) .* PROTO=(\w+)(?: SPT=\d+ DPT=(\d+))?',
                          ['hour', 'source', 'target', 'protocol', 'port']) as f
    from read_csv($log, columns = {'line': 'VARCHAR'}, delim = e'\x01', quote = '', escape = '',
                  header = false, auto_detect = false)
    where line like '%[UFW BLOCK]%')
select distinct f.source
from fields
group by f.source, f.hour
having count(distinct (f.target, f.protocol, f.port)) >= 10
