/* What each kind counts, of whom, within what; groups that cannot reach their lowest rung are cut
before anybody looks at times. */

CREATE TEMP TABLE observed AS
WITH offered AS (KINDS),
needed AS (SELECT unnest($numbers::INTEGER[]) AS detector, unnest($lowest_rungs::INTEGER[]) AS at_least),
large AS (
  SELECT detector, source, grp
  FROM offered JOIN needed USING (detector)
  GROUP BY detector, source, grp, at_least
  HAVING count(*) >= at_least)
SELECT offered.* FROM offered SEMI JOIN large USING (detector, source, grp);
