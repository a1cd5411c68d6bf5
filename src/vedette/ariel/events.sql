-- The database `events` as AQL sees it, over the table `stored`. types and names are lists by number of format, home_source
-- and home_target the tests of our own networks, properties the custom properties.
CREATE OR REPLACE VIEW events AS
WITH read AS (
  SELECT stored.*, $raw,
    $names[format + 1] AS format_name,
    CASE
      WHEN action = 0 AND http_status IS NOT NULL THEN 4015
      WHEN action = 0 THEN 4003
      WHEN action = 2 THEN 7001
      WHEN http_status >= 400 THEN 4015
      WHEN http_status IS NOT NULL THEN 4014
      WHEN action = 1 THEN 4002
      ELSE 4001 END AS low_category
  FROM stored $join
  WHERE format NOT IN ($flows_only)
), rated AS (
  SELECT *, CASE WHEN action = 2 THEN 7 WHEN action = 0 OR http_status >= 400 THEN 4 ELSE 1 END AS how_severe FROM read
)
SELECT
  record, ts,
  src_hi AS sourceip_hi, src_lo AS sourceip_lo, dst_hi AS destinationip_hi, dst_lo AS destinationip_lo,
  host_of(src_hi, src_lo) AS sourceip,
  host_of(dst_hi, dst_lo) AS destinationip,
  address_text(src_hi, src_lo) AS sourceaddress,
  address_text(dst_hi, dst_lo) AS destinationaddress,
  v6_only(src_hi, src_lo) AS sourcev6,
  v6_only(dst_hi, dst_lo) AS destinationv6,
  CAST(coalesce(src_port, 0) AS BIGINT) AS sourceport,
  CAST(coalesce(dst_port, 0) AS BIGINT) AS destinationport,
  CAST(coalesce(proto, 255) AS BIGINT) AS protocolid,
  ts // 1000 AS starttime,
  ts // 1000 AS devicetime,
  ts // 1000 AS endtime,
  coalesce(count, 1) AS eventcount,
  username,
  number_of(format_name || '@' || coalesce(sensor, '')) AS logsourceid,
  $types[format + 1] AS devicetype,
  sensor AS logsourceidentifier,
  CAST(low_category AS BIGINT) AS category,
  CAST(low_category - low_category % 1000 AS BIGINT) AS highlevelcategory,
  CASE
    WHEN coalesce(signature, signature_id) IS NOT NULL
    THEN number_of(format_name || '@' || coalesce(signature_id, '') || '@' || coalesce(signature, ''))
    ELSE low_category END AS qid,
  signature_id AS qideventid,
  format_name AS qideventcategory,
  CAST(how_severe AS BIGINT) AS severity,
  CAST(5 AS BIGINT) AS credibility,
  CAST(5 AS BIGINT) AS relevance,
  CAST(round(0.5 * 5 + 0.3 * how_severe + 0.2 * 5) AS BIGINT) AS magnitude,
  CASE WHEN $home_source THEN 'L' ELSE 'R' END || '2' || CASE WHEN $home_target THEN 'L' ELSE 'R' END AS eventdirection,
  coalesce(line, nullif(concat_ws(' ', message, signature, http_method, http_host, url, http_referer, user_agent, username), ''))
    AS payload,
  CAST(NULL AS VARCHAR) AS pcappacket,
  CAST(0 AS BIGINT) AS identityip,
  CAST(0 AS BIGINT) AS prenatsourceip, CAST(0 AS BIGINT) AS prenatdestinationip,
  CAST(0 AS BIGINT) AS postnatsourceip, CAST(0 AS BIGINT) AS postnatdestinationip,
  CAST(0 AS BIGINT) AS prenatsourceport, CAST(0 AS BIGINT) AS prenatdestinationport,
  CAST(0 AS BIGINT) AS postnatsourceport, CAST(0 AS BIGINT) AS postnatdestinationport,
  '00:00:00:00:00:00' AS sourcemac, '00:00:00:00:00:00' AS destinationmac,
  CAST(0 AS BIGINT) AS domainid, CAST(0 AS BIGINT) AS duration, CAST(0 AS BIGINT) AS collectorid,
  CAST(0 AS BIGINT) AS processorid, CAST(0 AS BIGINT) AS protocolconfigid,
  FALSE AS hasidentity, FALSE AS hasoffense, FALSE AS hastlv, FALSE AS iscreevent, FALSE AS isduplicate,
  FALSE AS islogonly, FALSE AS istruncated, FALSE AS isunparsed, FALSE AS storedforperformance,
  CAST(NULL AS VARCHAR) AS adekey, CAST(NULL AS VARCHAR) AS adevalue, CAST(NULL AS VARCHAR) AS creeventlist,
  CAST(NULL AS VARCHAR) AS destinationgeographiclocation, CAST(NULL AS VARCHAR) AS devicegrouplist,
  CAST(NULL AS VARCHAR) AS geographiclocation, CAST(NULL AS VARCHAR) AS identityhostname,
  CAST(NULL AS VARCHAR) AS partialmatchlist, CAST(NULL AS VARCHAR) AS partialormatchlist,
  CAST(NULL AS VARCHAR) AS sourcegeographiclocation, CAST(NULL AS VARCHAR) AS tlvs,
  $properties
FROM rated;
