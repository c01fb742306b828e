-- Members with at least one sale in a span of days.
-- first_day date, end_day date (day after the last) -> members bigint
-- One look at each member's own sales, which stops at the first that fits: most members have one.
SELECT count(*)
  FROM member
 WHERE EXISTS (SELECT
                 FROM sale
                WHERE sale.member_id = member.member_id
                  AND sale.happened_local >= %(first_day)s::timestamp
                  AND sale.happened_local < %(end_day)s::timestamp)
