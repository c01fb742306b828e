-- Expiry (INV-07): a lot expires on its day, whole, and once unless points were given back to it; points of who did
-- nothing for long go earlier, what comes back after its day (a hold that is over) goes then. Nothing is drawn from a lot from its day on, but
-- by the return that gave back to it that day; nothing is left in it once its member's books are done up to that day. The day is the one
-- that the lot had then: it may have been moved since.
-- most integer -> ('examined', entries on lots, ''), then subject, expected, found
WITH moved AS (
    SELECT DISTINCT member_id, lot_id FROM ledger_lot_redated
), drawn AS (
    SELECT e.member_id, e.lot_id, t.kind, t.happened_on,
           CASE WHEN later.version IS NULL THEN l.expires_on ELSE later.expires_before END AS expires_on
      FROM ledger_entry e
      JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
      JOIN ledger_lot l ON l.member_id = e.member_id AND l.lot_id = e.lot_id
      LEFT JOIN moved m ON m.member_id = e.member_id AND m.lot_id = e.lot_id
      LEFT JOIN LATERAL (SELECT r.version, r.expires_before
                           FROM ledger_lot_redated r
                          WHERE m.lot_id IS NOT NULL AND r.member_id = e.member_id AND r.lot_id = e.lot_id
                            AND r.version > coalesce(t.version, 0)
                          ORDER BY r.version
                          LIMIT 1) AS later ON true
     WHERE e.account = 'available' AND e.points < 0
), refilled AS (
    SELECT e.member_id, e.lot_id, max(t.happened_on) AS last_on,
           array_agg(t.happened_on) FILTER (WHERE t.kind = 'given_back') AS given_back_on
      FROM ledger_entry e
      JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
     WHERE e.account = 'available' AND e.points > 0 AND e.transfer_id <> e.lot_id
     GROUP BY e.member_id, e.lot_id
), wrong AS (
    SELECT format('member %%s, lot %%s', drawn.member_id, drawn.lot_id), format('on %%s', min(expires_on)),
           format('%%s on %%s', kind, max(happened_on))
      FROM drawn
      LEFT JOIN refilled r ON r.member_id = drawn.member_id AND r.lot_id = drawn.lot_id
     GROUP BY drawn.member_id, drawn.lot_id, kind
    HAVING (kind IN ('expiry', 'idle') AND count(*) > 1 AND max(r.last_on) IS NULL)
        OR bool_or(CASE kind WHEN 'expiry' THEN happened_on <> coalesce(expires_on, 'infinity')
                                                AND coalesce(happened_on < expires_on OR r.last_on < expires_on, true)
                             WHEN 'idle' THEN happened_on > coalesce(expires_on, 'infinity')
                             WHEN 'clawback' THEN happened_on >= coalesce(expires_on, 'infinity')
                                                  AND happened_on <> ALL (coalesce(r.given_back_on, '{}'))
                             ELSE happened_on >= coalesce(expires_on, 'infinity') END)
     UNION ALL
    SELECT format('member %%s, lot %%s', l.member_id, l.lot_id), format('gone on %%s', l.expires_on),
           format('%%s points open on %%s', l.points_open, s.as_of)
      FROM ledger_lot l
      JOIN member_standing s ON s.member_id = l.member_id
     WHERE l.points_open > 0 AND l.expires_on <= s.as_of
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM drawn UNION ALL SELECT * FROM wrong
