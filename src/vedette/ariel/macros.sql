-- A stable number of 31 bits for a text, as the console numbers log sources and event names.
CREATE MACRO number_of(t) AS CAST(md5_number_upper(t) >> 33 AS BIGINT);

-- An IPv4 address as a number; 0 (0.0.0.0) where there is none, as Ariel has it.
CREATE MACRO host_of(hi, lo) AS
  CASE WHEN hi = 0 AND lo BETWEEN 281470681743360 AND 281474976710655 THEN lo - 281470681743360 ELSE 0 END;

CREATE MACRO quad_text(lo) AS concat_ws('.', (lo >> 24) & 255, (lo >> 16) & 255, (lo >> 8) & 255, lo & 255);

CREATE MACRO group_text(half, place) AS format('{:x}', (half >> (48 - 16 * place)) & 65535);

CREATE MACRO groups_text(hi, lo) AS concat_ws(':', group_text(hi, 0), group_text(hi, 1), group_text(hi, 2), group_text(hi, 3),
  group_text(lo, 0), group_text(lo, 1), group_text(lo, 2), group_text(lo, 3));

CREATE MACRO cut_out(t, run) AS
  ltrim(substr(t, 1, strpos(t, run) - 1), ':') || '::' || rtrim(substr(t, strpos(t, run) + length(run)), ':');

-- RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". `t` has a colon at each end.
CREATE MACRO shortened(t) AS CASE
  WHEN contains(t, ':0:0:0:0:0:0:0:0:') THEN '::'
  WHEN contains(t, ':0:0:0:0:0:0:0:') THEN cut_out(t, ':0:0:0:0:0:0:0:')
  WHEN contains(t, ':0:0:0:0:0:0:') THEN cut_out(t, ':0:0:0:0:0:0:')
  WHEN contains(t, ':0:0:0:0:0:') THEN cut_out(t, ':0:0:0:0:0:')
  WHEN contains(t, ':0:0:0:0:') THEN cut_out(t, ':0:0:0:0:')
  WHEN contains(t, ':0:0:0:') THEN cut_out(t, ':0:0:0:')
  WHEN contains(t, ':0:0:') THEN cut_out(t, ':0:0:')
  ELSE trim(t, ':') END;

CREATE MACRO v6_text(hi, lo) AS shortened(':' || groups_text(hi, lo) || ':');

CREATE MACRO address_text(hi, lo) AS CASE
  WHEN hi IS NULL THEN '0.0.0.0'
  WHEN hi = 0 AND lo BETWEEN 281470681743360 AND 281474976710655 THEN quad_text(lo)
  ELSE v6_text(hi, lo) END;

-- Ariel's IPv6 fields hold zeros where the address is IPv4 or missing.
CREATE MACRO v6_only(hi, lo) AS CASE
  WHEN hi IS NULL OR (hi = 0 AND lo BETWEEN 281470681743360 AND 281474976710655) THEN '0:0:0:0:0:0:0:0'
  ELSE v6_text(hi, lo) END;
