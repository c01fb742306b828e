-- What is left of lots that were drawn from.
-- members, lots, points: arrays of one length; points is the new points_open (>= 0). One row updated each.
-- The members' standings are locked by the caller, so nobody else draws from these lots.
UPDATE ledger_lot
   SET points_open = drawn.points
  FROM unnest(%(members)s::bigint[], %(lots)s::bigint[], %(points)s::bigint[]) AS drawn (member_id, lot_id, points)
 WHERE ledger_lot.member_id = drawn.member_id
   AND ledger_lot.lot_id = drawn.lot_id
   AND ledger_lot.points_open > drawn.points
