-- Stores by what members bought there in a span of days, less what was paid back to them, best first; stores without
-- a sale are absent.
-- first_day date, end_day date (day after the last) ->
--   rank, store_id bigint, external_id text, name text, member_sales, member_paid_minor, guest_sales,
--   guest_paid_minor (bigint)
SELECT rank() OVER (ORDER BY sold.member_paid_minor - coalesce(back.to_members, 0) DESC) AS rank,
       store.store_id, store.external_id, store.name,
       sold.member_sales, (sold.member_paid_minor - coalesce(back.to_members, 0))::bigint AS member_paid_minor,
       sold.guest_sales, (sold.guest_paid_minor - coalesce(back.to_guests, 0))::bigint AS guest_paid_minor
  FROM (SELECT store_id,
               count(*) FILTER (WHERE member_id > 0) AS member_sales,
               coalesce(sum(paid_minor) FILTER (WHERE member_id > 0), 0)::bigint AS member_paid_minor,
               count(*) FILTER (WHERE member_id < 0) AS guest_sales,
               coalesce(sum(paid_minor) FILTER (WHERE member_id < 0), 0)::bigint AS guest_paid_minor
          FROM sale
         WHERE happened_local >= %(first_day)s::timestamp
           AND happened_local < %(end_day)s::timestamp
         GROUP BY store_id) AS sold
  JOIN store USING (store_id)
  LEFT JOIN (SELECT store_id,
                    sum(refund_minor) FILTER (WHERE member_id > 0) AS to_members,
                    sum(refund_minor) FILTER (WHERE member_id < 0) AS to_guests
               FROM sale_refund
              WHERE happened_local >= %(first_day)s::timestamp
                AND happened_local < %(end_day)s::timestamp
              GROUP BY store_id) AS back USING (store_id)
 ORDER BY rank, store.store_id
