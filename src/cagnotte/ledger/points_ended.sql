-- Points used and expired up to a day, by portfolio and day, of lots that no partner pays for. What is set aside counts as used when it is confirmed.
-- first_day, end_day date, daily boolean
-- -> wallet, kind, given_in, store_id, partner, day (null: before the first one), used, expired
WITH ended AS (
    SELECT e.member_id, e.lot_id, t.happened_on, t.kind IN ('expiry', 'idle', 'reinstated') AS expired, -e.points AS points
      FROM ledger_transfer t
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id
     WHERE t.happened_on < %(end_day)s AND e.account = 'available' AND e.lot_id <> e.transfer_id
       AND t.kind NOT IN ('hold', 'freed', 'clawback', 'correction', 'adjustment', 'sent', 'pooled', 'exchange')
     UNION ALL
    SELECT h.member_id, h.lot_id, c.happened_on, false, -h.points - coalesce(freed.points, 0)
      FROM ledger_transfer c
      JOIN ledger_entry h ON h.member_id = c.member_id AND h.transfer_id = split_part(c.key, ':', 2)::bigint
                         AND h.account = 'available'
      LEFT JOIN LATERAL (
            SELECT sum(e.points) AS points
              FROM ledger_transfer f
              JOIN ledger_entry e ON e.member_id = f.member_id AND e.transfer_id = f.transfer_id AND e.lot_id = h.lot_id
             WHERE f.member_id = c.member_id AND f.kind = 'freed'
               AND split_part(f.key, '#', 1) = split_part(c.key, '#', 1)) freed ON true
     WHERE c.kind = 'confirmed' AND c.happened_on < %(end_day)s
)
SELECT v.wallet, v.kind, v.month, coalesce(v.store_id, 0), v.partner,
       CASE WHEN ended.happened_on < %(first_day)s THEN NULL
            WHEN %(daily)s THEN ended.happened_on ELSE %(end_day)s::date - 1 END AS day,
       coalesce(sum(ended.points) FILTER (WHERE NOT expired), 0)::bigint,
       coalesce(sum(ended.points) FILTER (WHERE expired), 0)::bigint
  FROM ended
  JOIN accounting_lot v ON v.member_id = ended.member_id AND v.lot_id = ended.lot_id AND v.lot_points IS NULL
 GROUP BY 1, 2, 3, 4, 5, 6
