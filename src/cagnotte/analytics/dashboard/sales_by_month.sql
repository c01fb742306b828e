-- What members and guests bought in each calendar month of a period, less what was paid back to them in it.
-- first_day date, end_day date (day after the last) ->
--   month date, member_sales, member_paid_minor, guest_sales, guest_paid_minor, active_members (all bigint),
--   one row per month, also when nothing was sold.
-- A guest's sale has a negative member_id. Grouping by member first keeps the distinct count cheap.
SELECT month.starts::date AS month,
       coalesce(sum(visit.sales) FILTER (WHERE visit.member_id > 0), 0)::bigint AS member_sales,
       (coalesce(sum(visit.paid_minor) FILTER (WHERE visit.member_id > 0), 0)
        - coalesce(max(back.to_members), 0))::bigint AS member_paid_minor,
       coalesce(sum(visit.sales) FILTER (WHERE visit.member_id = 0), 0)::bigint AS guest_sales,
       (coalesce(sum(visit.paid_minor) FILTER (WHERE visit.member_id = 0), 0)
        - coalesce(max(back.to_guests), 0))::bigint AS guest_paid_minor,
       count(*) FILTER (WHERE visit.member_id > 0) AS active_members
  FROM generate_series(date_trunc('month', %(first_day)s::timestamp),
                       %(end_day)s::timestamp - interval '1 day', interval '1 month') AS month(starts)
  LEFT JOIN LATERAL (
       SELECT greatest(member_id, 0) AS member_id, count(*) AS sales, sum(paid_minor) AS paid_minor
         FROM sale
        WHERE happened_local >= greatest(month.starts, %(first_day)s::timestamp)
          AND happened_local < least(month.starts + interval '1 month', %(end_day)s::timestamp)
        GROUP BY 1) AS visit ON true
  LEFT JOIN LATERAL (
       SELECT sum(refund_minor) FILTER (WHERE member_id > 0) AS to_members,
              sum(refund_minor) FILTER (WHERE member_id < 0) AS to_guests
         FROM sale_refund
        WHERE happened_local >= greatest(month.starts, %(first_day)s::timestamp)
          AND happened_local < least(month.starts + interval '1 month', %(end_day)s::timestamp)) AS back ON true
 GROUP BY month.starts
 ORDER BY month.starts
