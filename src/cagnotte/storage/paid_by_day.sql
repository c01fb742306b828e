-- What some members paid by local day, from a day on.
-- members bigint[], from date (null: all) -> member_id, day, paid_minor
SELECT member_id, happened_local::date, sum(paid_minor)::bigint
  FROM sale
 WHERE member_id = ANY (%(members)s)
   AND (%(from)s::date IS NULL OR happened_local >= %(from)s::date)
 GROUP BY member_id, happened_local::date
