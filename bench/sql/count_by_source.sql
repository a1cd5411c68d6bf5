-- One field by regular expression, counted: the least that a query over raw lines can do.
select count(*), max(lines)
from (select regexp_extract(line, ' SRC=([0-9a-f.:]+) ', 1) as source, count(*) as lines
      from read_csv($log, columns = {'line': 'VARCHAR'}, delim = e'\x01', quote = '', escape = '',
                    header = false, auto_detect = false)
      group by source)
