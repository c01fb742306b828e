-- What went to other members and wallets up to a day, lot by lot, with all that was taken from each of these lots.
-- end_day date -> event_id (of the act), member_id, lot_id, taken (points, in the order of the books), mine (the place
-- among them, from 1)
WITH taken AS (
    SELECT e.member_id, e.lot_id, t.kind, t.transfer_id, -e.points AS points, t.happened_on,
           row_number() OVER (PARTITION BY e.member_id, e.lot_id ORDER BY t.version NULLS FIRST, t.transfer_id) AS place
      FROM ledger_transfer t
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'available'
     WHERE t.kind IN ('clawback', 'correction', 'adjustment', 'sent', 'pooled', 'exchange')
)
SELECT moved.transfer_id & ~255, moved.member_id, moved.lot_id, array_agg(taken.points ORDER BY taken.place), moved.place
  FROM taken AS moved
  JOIN taken ON taken.member_id = moved.member_id AND taken.lot_id = moved.lot_id AND taken.place <= moved.place
 WHERE moved.kind IN ('sent', 'pooled', 'exchange') AND moved.happened_on < %(end_day)s
 GROUP BY moved.transfer_id, moved.member_id, moved.lot_id, moved.place
