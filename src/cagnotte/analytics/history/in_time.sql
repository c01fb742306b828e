-- Events of members who are decided together, in order of time: of one member as they stand in the history, also in
-- the hour that a clock change brings twice; of several members at one time as they were recorded.
-- files text, everybody boolean (false: those who belong to a household), parts integer, part integer (households in
-- order of their codes are dealt out to the parts in turn), zone text, countries text[], zones text[] (of one length:
-- the clocks of members of these countries; of the others: zone) -> the columns of the history
WITH told AS (
    SELECT *, coalesce(json_extract_string(profile, '$.household'), '') AS household,
           coalesce($zones[list_position($countries, json_extract_string(profile, '$.country'))], $zone) AS clock
      FROM read_parquet($files, file_row_number = true)
), chosen AS (
    SELECT *, max(timezone(clock, "at")) OVER (PARTITION BY member_id ORDER BY file_row_number) AS latest,
           dense_rank() OVER (ORDER BY household) AS place
      FROM told
     WHERE $everybody OR household <> ''
)
SELECT * EXCLUDE (file_row_number, household, clock, latest, place)
  FROM chosen
 WHERE $everybody OR place % $parts = $part
 ORDER BY latest, event_id, member_id, file_row_number
