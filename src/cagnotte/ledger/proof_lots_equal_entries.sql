-- Lots (INV-06): what a lot was given and what is left of it are what its entries say; 0 <= left <= given;
-- it was given by the transfer that has its id, on the day of it.
-- most integer -> ('examined', lots, ''), then subject, expected, found
WITH replayed AS (
    SELECT member_id, lot_id, wallet, sum(points) FILTER (WHERE transfer_id = lot_id) AS given,
           sum(points) AS left_over
      FROM ledger_entry WHERE account = 'available' GROUP BY member_id, lot_id, wallet
), wrong AS (
    SELECT format('member %%s, lot %%s', coalesce(l.member_id, r.member_id), coalesce(l.lot_id, r.lot_id)),
           format('%%s of %%s, given on %%s', r.left_over, r.given, t.happened_on),
           format('%%s of %%s, given on %%s', l.points_open, l.points, l.earned_on)
      FROM ledger_lot l
      FULL JOIN replayed r ON r.member_id = l.member_id AND r.lot_id = l.lot_id AND r.wallet = l.wallet
      LEFT JOIN ledger_transfer t ON t.member_id = l.member_id AND t.transfer_id = l.lot_id
     WHERE l.lot_id IS NULL OR r.lot_id IS NULL OR l.points IS DISTINCT FROM r.given OR l.points_open <> r.left_over
        OR l.points_open < 0 OR l.points_open > l.points OR l.earned_on IS DISTINCT FROM t.happened_on
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_lot UNION ALL SELECT * FROM wrong
