-- SESSION BY, around the records of a search: `base` gives each its key (who), its time (moment), its place (record), and
-- whether it begins and ends a session. A key's records stand in parts: one ends with an END, or before a pause that is too
-- long. `starts` and `pause` are filled in by the words of the query. A session's number is the place of its first record.
SELECT
  numbered.*
FROM (
  SELECT
    opened.*,
    MAX(CASE WHEN session_starts THEN session_place END)
      OVER (PARTITION BY session_who ORDER BY session_moment, record ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      AS sessionid,
    MAX(CASE WHEN session_starts THEN 1 ELSE 0 END)
      OVER (PARTITION BY session_who, session_part ORDER BY session_moment, record ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      AS session_open
  FROM (
    SELECT
      parted.*,
      starts AS session_starts,
      ROW_NUMBER() OVER (ORDER BY session_moment, record) AS session_place
    FROM (
      SELECT
        broken.*,
        SUM(CASE WHEN session_broken THEN 1 ELSE 0 END)
          OVER (PARTITION BY session_who ORDER BY session_moment, record ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
          AS session_part
      FROM (
        SELECT
          base.*,
          COALESCE(LAG(session_ends) OVER (PARTITION BY session_who ORDER BY session_moment, record), TRUE)
            OR COALESCE(
              session_moment - LAG(session_moment) OVER (PARTITION BY session_who ORDER BY session_moment, record) > pause,
              FALSE
            ) AS session_broken
        FROM base
      ) AS broken
    ) AS parted
  ) AS opened
) AS numbered
WHERE session_open = 1
