-- The lines of one chunk ($text), of those records that were read from it ($base and on), with the word for the verdict.
INSERT INTO raw
SELECT s.record, rtrim(l.line, chr(13)), nullif($words, '')
FROM (
  SELECT unnest(string_split($text, chr(10))) AS line, unnest(range(len(string_split($text, chr(10))))) AS ordinal
) l
JOIN stored s ON s.record = $base + l.ordinal
WHERE s.record BETWEEN $base AND $base + 16777215;
