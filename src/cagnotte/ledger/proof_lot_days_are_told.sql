-- Days of lots: a lot has the days of the last change that was told of it, and each change begins where the one
-- before it ended, the first with the days that the lot was opened with.
-- most integer -> ('examined', lots, ''), then subject, expected, found
WITH opened AS NOT MATERIALIZED (
    SELECT t.member_id, t.transfer_id AS lot_id, t.expires_on, t.usable_from, t.awaits,
           (t.expires_on, t.usable_from, t.awaits)::text AS days
      FROM ledger_transfer t
     WHERE t.version IS NOT NULL AND t.awaits IS NOT NULL
), told AS (
    SELECT r.*, lead(r.version) OVER changes IS NULL AS is_last,
           coalesce(lag((r.expires_on, r.usable_from, r.awaits)::text) OVER changes, o.days) AS before
      FROM ledger_lot_redated r
      LEFT JOIN opened o ON o.member_id = r.member_id AND o.lot_id = r.lot_id
    WINDOW changes AS (PARTITION BY r.member_id, r.lot_id ORDER BY r.version)
), wrong AS (
    SELECT format('member %%s, lot %%s', t.member_id, t.lot_id),
           CASE WHEN l.lot_id IS NULL THEN 'a lot'
                WHEN t.is_last AND (t.expires_on, t.usable_from, t.awaits)::text
                                   <> (l.expires_on, l.usable_from, l.awaits)::text
                THEN (t.expires_on, t.usable_from, t.awaits)::text
                ELSE t.before END,
           CASE WHEN l.lot_id IS NULL THEN 'none'
                WHEN t.is_last AND (t.expires_on, t.usable_from, t.awaits)::text
                                   <> (l.expires_on, l.usable_from, l.awaits)::text
                THEN (l.expires_on, l.usable_from, l.awaits)::text
                ELSE (t.expires_before, t.usable_before, t.awaited_before)::text END
      FROM told t
      LEFT JOIN ledger_lot l ON l.member_id = t.member_id AND l.lot_id = t.lot_id
     WHERE l.lot_id IS NULL
        OR (t.is_last AND (t.expires_on, t.usable_from, t.awaits)::text
                          <> (l.expires_on, l.usable_from, l.awaits)::text)
        OR t.before <> (t.expires_before, t.usable_before, t.awaited_before)::text
     UNION ALL
    SELECT format('member %%s, lot %%s', o.member_id, o.lot_id), o.days,
           (l.expires_on, l.usable_from, l.awaits)::text
      FROM opened o
      JOIN ledger_lot l ON l.member_id = o.member_id AND l.lot_id = o.lot_id
     WHERE (l.expires_on, l.usable_from, l.awaits) IS DISTINCT FROM (o.expires_on, o.usable_from, o.awaits)
       AND NOT EXISTS (SELECT FROM ledger_lot_redated r
                        WHERE r.member_id = o.member_id AND r.lot_id = o.lot_id)
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM opened UNION ALL SELECT * FROM wrong
