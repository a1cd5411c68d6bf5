-- What the rules read: one row for each event that vedette made of the logs, numbered as they happened; records of one
-- second keep the order of their file, because that is all that most logs tell. Times are microseconds since 1970 UTC.
create or replace table events as
select row_number() over (order by ts, input, line)::bigint as n,
       epoch_us(ts) as ts,
       src_ip as src,
       dst_ip as dst,
       dst_port,
       proto,
       action,
       tcp_flags,
       icmp_type,
       http_method,
       http_status,
       url,
       regexp_matches(src_ip, '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)') as private,
       input,
       line
from read_json($path, format = 'newline_delimited', columns = {
    ts: 'TIMESTAMP', src_ip: 'VARCHAR', dst_ip: 'VARCHAR', dst_port: 'INTEGER', proto: 'VARCHAR', action: 'VARCHAR',
    tcp_flags: 'VARCHAR', icmp_type: 'INTEGER', http_method: 'VARCHAR', http_status: 'INTEGER', url: 'VARCHAR',
    input: 'VARCHAR', line: 'BIGINT'})
where src_ip is not null
