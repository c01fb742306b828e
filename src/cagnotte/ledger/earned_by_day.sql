-- Points earned by some members, by local day and wallet, from a day on.
-- members bigint[], from date (null: all) -> member_id, day, wallet, points (> 0)
SELECT t.member_id, t.happened_on, t.wallet, -sum(e.points)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'issued'
 WHERE t.member_id = ANY (%(members)s)
   AND t.kind = 'earn'
   AND (%(from)s::date IS NULL OR t.happened_on >= %(from)s::date)
 GROUP BY t.member_id, t.happened_on, t.wallet
