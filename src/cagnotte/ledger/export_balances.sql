-- What is exported of balances, as they stand.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, wallet
SELECT member_id, regexp_replace(wallet, %(formula)s, %(guarded)s) AS wallet, points
  FROM ledger_balance
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, wallet
