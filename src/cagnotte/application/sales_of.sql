-- What a member bought in all.
-- member_id bigint -> number of sales, paid in minor units, local day of the last one (null: none)
SELECT count(*), coalesce(sum(paid_minor), 0)::bigint, max(happened_local)::date
  FROM sale
 WHERE member_id = %(member_id)s
