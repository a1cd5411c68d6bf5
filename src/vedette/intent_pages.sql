/* The web's part of intent.sql: how many suspicious paths are of each product. One pattern for all of them comes first,
because most paths are of none. */
CREATE TEMP TABLE sought_products AS
WITH asked AS (
  SELECT DISTINCT lead AS source, CASE WHEN attack THEN lower(decode(decode(template))) ELSE path END AS asked
  FROM pages JOIN led USING (source)
  WHERE (sensitive OR attack)),
known AS (SELECT * FROM asked WHERE regexp_matches(asked, $any_product))
SELECT source, product, count(*) AS pages
FROM known, (SELECT unnest($products::STRUCT(product INTEGER, pattern VARCHAR)[], recursive := true))
WHERE regexp_matches(asked, pattern)
GROUP BY ALL;
