-- Lots and balances that are not what the entries, the transfers that opened lots and the changes of their days say.
-- most integer -> what ('lot', 'balance'), member_id, lot_id (0), wallet, then what it should be: points, points_open,
--   earned_on, expires_on, usable_from, awaits; of a balance only points. No row where nothing differs.
WITH given AS (
    SELECT e.member_id, e.lot_id, sum(e.points) FILTER (WHERE e.transfer_id = e.lot_id)::bigint AS points,
           sum(e.points)::bigint AS points_open
      FROM ledger_entry e
     WHERE e.account = 'available'
     GROUP BY e.member_id, e.lot_id
), moved AS (
    SELECT DISTINCT ON (member_id, lot_id) member_id, lot_id, expires_on, usable_from, awaits
      FROM ledger_lot_redated
     ORDER BY member_id, lot_id, version DESC
), lots AS (
    SELECT g.member_id, g.lot_id, t.wallet, g.points, g.points_open, t.happened_on AS earned_on,
           -- Transfers from before the numbers do not tell their days: those of the lot stand.
           CASE WHEN m.lot_id IS NOT NULL THEN m.expires_on WHEN t.version IS NULL THEN l.expires_on
                ELSE t.expires_on END AS expires_on,
           CASE WHEN m.lot_id IS NOT NULL THEN m.usable_from WHEN t.version IS NULL THEN l.usable_from
                ELSE t.usable_from END AS usable_from,
           coalesce(CASE WHEN m.lot_id IS NOT NULL THEN m.awaits WHEN t.version IS NULL THEN l.awaits
                         ELSE t.awaits END, '') AS awaits,
           l.lot_id IS NULL OR l.wallet <> t.wallet OR l.points <> g.points OR l.points_open <> g.points_open
           OR l.earned_on <> t.happened_on AS differs,
           l.expires_on AS l_expires_on, l.usable_from AS l_usable_from, l.awaits AS l_awaits
      FROM given g
      JOIN ledger_transfer t ON t.member_id = g.member_id AND t.transfer_id = g.lot_id
      LEFT JOIN moved m ON m.member_id = g.member_id AND m.lot_id = g.lot_id
      LEFT JOIN ledger_lot l ON l.member_id = g.member_id AND l.lot_id = g.lot_id
), balances AS (
    SELECT member_id, wallet, sum(points)::bigint AS points
      FROM ledger_entry WHERE account = 'available' GROUP BY member_id, wallet
)
SELECT 'lot', member_id, lot_id, wallet, points, points_open, earned_on, expires_on, usable_from, awaits
  FROM lots
 WHERE differs OR (expires_on, usable_from, awaits) IS DISTINCT FROM (l_expires_on, l_usable_from, l_awaits)
 UNION ALL
SELECT 'balance', b.member_id, 0, b.wallet, b.points, NULL, NULL, NULL, NULL, NULL
  FROM balances b
  LEFT JOIN ledger_balance known ON known.member_id = b.member_id AND known.wallet = b.wallet
 WHERE known.points IS DISTINCT FROM b.points
 ORDER BY 2, 1, 3
 LIMIT %(most)s
