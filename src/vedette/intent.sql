/* What an offense was after, by port: how many targets were asked at each port that products.toml knows. Groups have their
doors in `grouped_doors` only (see scoring.sql). */
CREATE TEMP TABLE sought_ports AS
SELECT lead AS source, proto, port, count(DISTINCT target) AS targets
FROM led JOIN (
  SELECT source, proto, port, target FROM contacts SEMI JOIN led USING (source) WHERE class <> 'reply'
  UNION ALL
  SELECT source, proto, port, target FROM grouped_doors WHERE source NOT IN (SELECT source FROM contacts)) USING (source)
WHERE (proto, port) IN (SELECT (proto, port) FROM (SELECT unnest($ports::STRUCT(proto INTEGER, port INTEGER)[], recursive := true)))
GROUP BY ALL;
