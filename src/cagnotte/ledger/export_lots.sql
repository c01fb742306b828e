-- What is exported of lots, as they stand.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, lot_id
SELECT member_id, lot_id, regexp_replace(wallet, %(formula)s, %(guarded)s) AS wallet, points, points_open, earned_on,
       expires_on, usable_from, regexp_replace(awaits, %(formula)s, %(guarded)s) AS awaits
  FROM ledger_lot
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, lot_id
