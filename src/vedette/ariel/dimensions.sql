-- Dimension tables that the events themselves name.
CREATE TABLE logsources AS
SELECT DISTINCT
  number_of($names[format + 1] || '@' || coalesce(sensor, '')) AS id,
  $titles[format + 1] || coalesce(' @ ' || sensor, '') AS name
FROM stored;

CREATE TABLE qids AS
SELECT id, any_value(name) AS name, any_value(description) AS description
FROM (
  SELECT
    number_of($names[format + 1] || '@' || coalesce(signature_id, '') || '@' || coalesce(signature, '')) AS id,
    coalesce(signature, signature_id) AS name,
    coalesce(signature, signature_id) AS description
  FROM stored
  WHERE coalesce(signature, signature_id) IS NOT NULL
  UNION ALL
  SELECT id, name, name FROM categories
)
GROUP BY id;
