-- Every entry belongs to a transfer of its wallet and time, and every transfer has a member's side and the
-- one of its kind, in the right direction: an earn gives to the member, the others take.
-- most integer -> ('examined', transfers, ''), then subject, expected, found
WITH counted AS (
    SELECT e.member_id, e.transfer_id, count(*) FILTER (WHERE e.account = 'available') AS own,
           count(*) FILTER (WHERE e.account <> 'available') AS other,
           bool_and(e.wallet = t.wallet AND e.happened_at = t.happened_at
                    AND e.account IN ('available', CASE t.kind WHEN 'earn' THEN 'issued'
                                                               WHEN 'conversion' THEN 'redeemed' ELSE 'expired' END)
                    AND (e.points > 0) = ((e.account = 'available') = (t.kind = 'earn'))) AS same
      FROM ledger_entry e
      LEFT JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
     GROUP BY e.member_id, e.transfer_id
), wrong AS (
    SELECT format('member %%s, transfer %%s', coalesce(t.member_id, c.member_id), coalesce(t.transfer_id, c.transfer_id)),
           'a transfer with both sides, of its kind, wallet and time',
           format('%%s own entries, %%s others%%s', coalesce(c.own, 0), coalesce(c.other, 0),
                  CASE WHEN c.same IS FALSE THEN ', not of its kind, wallet and time' END)
      FROM ledger_transfer t
      FULL JOIN counted c ON c.member_id = t.member_id AND c.transfer_id = t.transfer_id
     WHERE t.transfer_id IS NULL OR c.transfer_id IS NULL OR c.own = 0 OR c.other <> 1 OR c.same IS NOT TRUE
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_transfer UNION ALL SELECT * FROM wrong
