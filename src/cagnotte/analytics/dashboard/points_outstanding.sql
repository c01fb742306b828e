-- Points in members' hands at the end of a day, by wallet: today's balances without what happened since.
-- end_day date (day after the last), zone text -> wallet text, points bigint
-- A transfer sums to zero, so what members gained is what the programme's accounts lost, and the reverse.
SELECT wallet, sum(points)::bigint AS points
  FROM (SELECT wallet, sum(points) AS points FROM ledger_balance GROUP BY wallet
        UNION ALL
        SELECT wallet, sum(points)
          FROM ledger_entry
         WHERE happened_at >= %(end_day)s::timestamp AT TIME ZONE %(zone)s
           AND account <> 'available'
         GROUP BY wallet) AS moved
 GROUP BY wallet
 ORDER BY wallet
