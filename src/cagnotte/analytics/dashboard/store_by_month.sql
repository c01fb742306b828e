-- What one store sold in each calendar month of a period, less what was paid back in it, and to how many members.
-- store_id bigint, first_day date, end_day date (day after the last) ->
--   month date, member_sales, member_paid_minor, guest_sales, guest_paid_minor, active_members (all bigint),
--   one row per month, also when nothing was sold
SELECT month.starts::date AS month,
       count(*) FILTER (WHERE sale.member_id > 0) AS member_sales,
       (coalesce(sum(sale.paid_minor) FILTER (WHERE sale.member_id > 0), 0)
        - coalesce(max(back.to_members), 0))::bigint AS member_paid_minor,
       count(*) FILTER (WHERE sale.member_id < 0) AS guest_sales,
       (coalesce(sum(sale.paid_minor) FILTER (WHERE sale.member_id < 0), 0)
        - coalesce(max(back.to_guests), 0))::bigint AS guest_paid_minor,
       count(DISTINCT sale.member_id) FILTER (WHERE sale.member_id > 0) AS active_members
  FROM generate_series(date_trunc('month', %(first_day)s::timestamp),
                       %(end_day)s::timestamp - interval '1 day', interval '1 month') AS month(starts)
  LEFT JOIN sale
    ON sale.store_id = %(store_id)s
   AND sale.happened_local >= greatest(month.starts, %(first_day)s::timestamp)
   AND sale.happened_local < least(month.starts + interval '1 month', %(end_day)s::timestamp)
  LEFT JOIN LATERAL (
       SELECT sum(refund_minor) FILTER (WHERE member_id > 0) AS to_members,
              sum(refund_minor) FILTER (WHERE member_id < 0) AS to_guests
         FROM sale_refund
        WHERE sale_refund.store_id = %(store_id)s
          AND happened_local >= greatest(month.starts, %(first_day)s::timestamp)
          AND happened_local < least(month.starts + interval '1 month', %(end_day)s::timestamp)) AS back ON true
 GROUP BY month.starts
 ORDER BY month.starts
