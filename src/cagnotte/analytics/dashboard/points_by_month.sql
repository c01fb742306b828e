-- Points issued, burned and expired, by month and wallet: the programme's side of the books.
-- first_day date, end_day date (day after the last), zone text ->
--   month date, wallet text, issued, burned, expired (bigint >= 0); months without a transfer are absent
-- One range of the index per month: working out the month of every entry took twice as long.
SELECT month.starts::date AS month,
       moved.wallet,
       coalesce(-sum(moved.points) FILTER (WHERE moved.account = 'issued'), 0)::bigint AS issued,
       coalesce(sum(moved.points) FILTER (WHERE moved.account = 'redeemed'), 0)::bigint AS burned,
       coalesce(sum(moved.points) FILTER (WHERE moved.account = 'expired'), 0)::bigint AS expired
  FROM generate_series(date_trunc('month', %(first_day)s::timestamp),
                       %(end_day)s::timestamp - interval '1 day', interval '1 month') AS month(starts)
 CROSS JOIN LATERAL (
       SELECT account, wallet, sum(points) AS points
         FROM ledger_entry
        WHERE happened_at >= greatest(month.starts, %(first_day)s::timestamp) AT TIME ZONE %(zone)s
          AND happened_at < least(month.starts + interval '1 month', %(end_day)s::timestamp) AT TIME ZONE %(zone)s
          AND account <> 'available'
        GROUP BY account, wallet) AS moved
 GROUP BY month.starts, moved.wallet
 ORDER BY month.starts, moved.wallet
