-- Points of a member that expired and were not given again, by lot, with the lot's days.
-- member_id bigint -> lot_id, wallet, points (> 0), earned_on, expires_on, usable_from, awaits
SELECT l.lot_id, l.wallet, gone.points, l.earned_on, l.expires_on, l.usable_from, l.awaits
  FROM (SELECT e.lot_id, -sum(e.points)::bigint AS points
          FROM ledger_transfer t
          JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id
         WHERE t.member_id = %(member_id)s
           AND t.kind IN ('expiry', 'idle', 'reinstated')
           AND e.account = 'available'
         GROUP BY e.lot_id
        HAVING sum(e.points) < 0) AS gone
  JOIN ledger_lot l ON l.member_id = %(member_id)s AND l.lot_id = gone.lot_id
 ORDER BY l.expires_on NULLS LAST, l.lot_id
