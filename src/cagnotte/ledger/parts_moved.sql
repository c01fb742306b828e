-- What went of lots that partners pay for, each with its parts, member by member in the order of the books; what is set
-- aside goes when it is confirmed. With what a return or a correction takes back for partners, in the whole of its wallet.
-- known_at timestamptz (null: all that is posted)
-- -> member_id, lot_id, event_id, how ('used', 'expired', 'claimed', 'taken', 'moved'), points (below 0: came back),
-- happened_on, wallet, given_in, store_id, partners text[], kinds text[], part_points bigint[], amounts bigint[],
-- due_partners text[], due_points bigint[] (null: nothing)
WITH parts AS (
    SELECT member_id, lot_id, wallet, month, coalesce(store_id, 0) AS store_id, array_agg(partner ORDER BY partner) AS partners,
           array_agg(kind ORDER BY partner) AS kinds, array_agg(points ORDER BY partner) AS points,
           array_agg(amount_minor ORDER BY partner) AS amounts
      FROM accounting_lot
     WHERE lot_points IS NOT NULL
     GROUP BY member_id, lot_id, wallet, month, store_id
), gone AS (
    SELECT p.member_id, p.lot_id, t.transfer_id, t.version, e.entry_no, t.happened_on, -e.points AS points,
           CASE WHEN t.kind IN ('expiry', 'idle', 'reinstated') THEN 'expired'
                WHEN t.kind IN ('clawback', 'correction') THEN 'claimed'
                WHEN t.kind = 'adjustment' THEN 'taken'
                WHEN t.kind IN ('sent', 'pooled', 'exchange') THEN 'moved' ELSE 'used' END AS how
      FROM parts p
      JOIN ledger_entry e ON e.member_id = p.member_id AND e.lot_id = p.lot_id AND e.account = 'available'
                         AND e.transfer_id <> e.lot_id
      JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
     WHERE t.kind NOT IN ('hold', 'freed') AND (%(known_at)s::timestamptz IS NULL OR t.posted_at <= %(known_at)s)
     UNION ALL
    SELECT p.member_id, p.lot_id, c.transfer_id, c.version, h.entry_no, c.happened_on,
           -h.points - coalesce(freed.points, 0), 'used'
      FROM ledger_transfer c
      JOIN ledger_entry h ON h.member_id = c.member_id AND h.transfer_id = split_part(c.key, ':', 2)::bigint
                         AND h.account = 'available'
      JOIN parts p ON p.member_id = h.member_id AND p.lot_id = h.lot_id
      LEFT JOIN LATERAL (
            SELECT sum(e.points) AS points
              FROM ledger_transfer f
              JOIN ledger_entry e ON e.member_id = f.member_id AND e.transfer_id = f.transfer_id AND e.lot_id = h.lot_id
             WHERE f.member_id = c.member_id AND f.kind = 'freed'
               AND split_part(f.key, '#', 1) = split_part(c.key, '#', 1)) freed ON true
     WHERE c.kind = 'confirmed' AND (%(known_at)s::timestamptz IS NULL OR c.posted_at <= %(known_at)s)
), due AS (
    SELECT member_id, event, wallet, array_agg(partner) AS partners, array_agg(points) AS points
      FROM (SELECT t.member_id, t.transfer_id & ~255::bigint AS event, t.wallet, t.note AS partner,
                   -sum(e.points)::bigint AS points
              FROM ledger_transfer t
              JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
             WHERE t.kind = 'funded' AND e.points < 0
             GROUP BY 1, 2, 3, 4) back
     GROUP BY 1, 2, 3
)
SELECT g.member_id, g.lot_id, g.transfer_id & ~255::bigint, g.how, g.points::bigint, g.happened_on, p.wallet, p.month,
       p.store_id, p.partners, p.kinds, p.points, p.amounts, due.partners, due.points
  FROM gone g
  JOIN parts p ON p.member_id = g.member_id AND p.lot_id = g.lot_id
  LEFT JOIN due ON g.how = 'claimed' AND due.member_id = g.member_id AND due.event = g.transfer_id & ~255::bigint
               AND due.wallet = p.wallet
 ORDER BY g.member_id, g.version NULLS FIRST, g.transfer_id, g.entry_no
