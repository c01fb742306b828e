-- Points taken back from valued lots, or moved to other members and wallets, up to a day, in the order of the
-- books; without lots that partners pay for.
-- first_day, end_day date, daily boolean
-- -> wallet, kind, given_in, store_id, partner, day (null: before the first one), member_id, lot_id, amount_minor, lot_points,
-- moved boolean, points
SELECT v.wallet, v.kind, v.month, coalesce(v.store_id, 0), v.partner,
       CASE WHEN t.happened_on < %(first_day)s THEN NULL
            WHEN %(daily)s THEN t.happened_on ELSE %(end_day)s::date - 1 END AS day,
       v.member_id, v.lot_id, v.amount_minor, v.points, t.kind IN ('sent', 'pooled', 'exchange'), -e.points
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'available'
  JOIN accounting_lot v ON v.member_id = e.member_id AND v.lot_id = e.lot_id AND v.lot_points IS NULL
 WHERE t.kind IN ('clawback', 'correction', 'adjustment', 'sent', 'pooled', 'exchange') AND t.happened_on < %(end_day)s
 ORDER BY v.member_id, v.lot_id, t.version NULLS FIRST, t.transfer_id
