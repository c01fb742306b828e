-- Lots of which points were left at the end of a closed month, as the books stood when it was closed; what is set aside
-- is left. Lots of the closing's portfolios only; the parts of those that partners pay for as they were given, whole.
-- month, end_day date, known_at timestamptz -> wallet, kind, given_in, store_id, partner, member_id, lot_id, given_on, points,
-- left_over, amount_minor (of what was not taken back), value_minor, breakage (both as the lot was valued), store (of its
-- sale, the caller's id; "": none), tier (of the member then; "": none), kept (points not taken back), by portfolio and lot
WITH gone AS (
    SELECT e.member_id, e.lot_id, -e.points AS points, t.kind IN ('clawback', 'correction', 'adjustment', 'sent', 'pooled', 'exchange') AS taken
      FROM ledger_transfer t
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id
     WHERE t.happened_on < %(end_day)s AND t.posted_at <= %(known_at)s AND e.account = 'available'
       AND e.lot_id <> e.transfer_id AND t.kind NOT IN ('hold', 'freed')
     UNION ALL
    SELECT h.member_id, h.lot_id, -h.points - coalesce(freed.points, 0), false
      FROM ledger_transfer c
      JOIN ledger_entry h ON h.member_id = c.member_id AND h.transfer_id = split_part(c.key, ':', 2)::bigint
                         AND h.account = 'available'
      LEFT JOIN LATERAL (
            SELECT sum(e.points) AS points
              FROM ledger_transfer f
              JOIN ledger_entry e ON e.member_id = f.member_id AND e.transfer_id = f.transfer_id AND e.lot_id = h.lot_id
             WHERE f.member_id = c.member_id AND f.kind = 'freed'
               AND split_part(f.key, '#', 1) = split_part(c.key, '#', 1)) freed ON true
     WHERE c.kind = 'confirmed' AND c.happened_on < %(end_day)s AND c.posted_at <= %(known_at)s
), summed AS (
    SELECT member_id, lot_id, sum(points) AS points, coalesce(sum(points) FILTER (WHERE taken), 0) AS taken
      FROM gone GROUP BY member_id, lot_id
), tiers AS (
    SELECT DISTINCT ON (member_id) member_id, tier_after AS tier
      FROM tier_change WHERE happened_on < %(end_day)s AND family = 'main'
     ORDER BY member_id, change_id DESC
)
SELECT v.wallet, v.kind, v.month, coalesce(v.store_id, 0), v.partner, v.member_id, v.lot_id, v.given_on, v.points,
       (v.points - coalesce(s.points, 0))::bigint,
       v.amount_minor - div(v.amount_minor * coalesce(s.taken, 0), v.points)::bigint,
       v.value_minor, v.breakage, coalesce(store.external_id, ''), coalesce(tiers.tier, ''),
       (v.points - coalesce(s.taken, 0))::bigint
  FROM accounting_lot v
  LEFT JOIN summed s ON s.member_id = v.member_id AND s.lot_id = v.lot_id AND v.lot_points IS NULL
  LEFT JOIN ledger_transfer given ON given.member_id = v.member_id AND given.transfer_id = v.lot_id
  LEFT JOIN sale ON sale.member_id = given.member_id AND sale.sale_id = given.sale_id
  LEFT JOIN store ON store.store_id = coalesce(v.store_id, sale.store_id)
  LEFT JOIN tiers ON tiers.member_id = v.member_id
 WHERE v.month <= %(month)s AND v.points > coalesce(s.points, 0)
 ORDER BY 1, 2, 3, 4, 5, v.member_id, v.lot_id
