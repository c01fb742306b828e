-- Gift vouchers issued in a span of days.
-- first_day date, end_day date (day after the last), zone text -> vouchers bigint, amount_minor bigint
SELECT count(*), coalesce(sum(amount_minor), 0)::bigint
  FROM voucher
 WHERE issued_at >= %(first_day)s::timestamp AT TIME ZONE %(zone)s
   AND issued_at < %(end_day)s::timestamp AT TIME ZONE %(zone)s
