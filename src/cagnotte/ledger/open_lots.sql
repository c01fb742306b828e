-- Lots that still hold points, of some members.
-- members bigint[] -> member_id, lot_id, wallet, points_open (> 0), earned_on, expires_on (null: never),
--   usable_from (null: from the start), awaits ("": nothing)
SELECT member_id, lot_id, wallet, points_open, earned_on, expires_on, usable_from, awaits
  FROM ledger_lot
 WHERE member_id = ANY (%(members)s)
   AND is_open
 ORDER BY member_id, expires_on NULLS LAST, earned_on, lot_id
