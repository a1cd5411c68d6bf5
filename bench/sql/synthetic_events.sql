-- $rows packets of a firewall over one day that ends at 2026-03-11: sources of a heavy tail, a thousand targets, one in twenty allowed.
INSERT INTO stored (record, format, ts, src_hi, src_lo, dst_hi, dst_lo, src_port, dst_port, proto, action, sensor)
SELECT
  n,
  $format,
  1773187200000000 - ($rows - n) * (86400000000 // $rows),
  0,
  281470681743360 + (hash(CAST(floor(1000000 * pow(hash(n) / 18446744073709551616.0, 3)) AS BIGINT)) >> 32),
  0,
  281470681743360 + 3325256704 + hash(n + 1) % 1000,
  1024 + hash(n + 2) % 60000,
  CASE hash(n + 3) % 3 WHEN 0 THEN 22 WHEN 1 THEN 23 ELSE hash(n + 4) % 65536 END,
  6,
  CASE hash(n + 5) % 20 WHEN 0 THEN 1 ELSE 0 END,
  'fw' || hash(n + 6) % 4
FROM range($rows) AS r (n);
