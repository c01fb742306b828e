-- What is left of lots that were drawn from or refilled, and the dates of those that were released.
-- members, lots, points (the new points_open, >= 0), expires, usable, awaits: arrays of one length. One row each.
-- The members' standings are locked by the caller, so nobody else draws from these lots.
UPDATE ledger_lot
   SET points_open = now.points, expires_on = now.expires_on, usable_from = now.usable_from, awaits = now.awaits
  FROM unnest(%(members)s::bigint[], %(lots)s::bigint[], %(points)s::bigint[], %(expires)s::date[],
              %(usable)s::date[], %(awaits)s::text[])
       AS now (member_id, lot_id, points, expires_on, usable_from, awaits)
 WHERE ledger_lot.member_id = now.member_id
   AND ledger_lot.lot_id = now.lot_id
