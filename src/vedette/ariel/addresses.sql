-- Every IPv4 address of an event, as a number.
SELECT DISTINCT address
FROM (
  SELECT host_of(src_hi, src_lo) AS address FROM stored
  UNION ALL
  SELECT host_of(dst_hi, dst_lo) FROM stored
)
WHERE address > 0
ORDER BY address;
