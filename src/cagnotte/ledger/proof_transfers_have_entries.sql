-- Every entry belongs to a transfer of its wallet and time, and every transfer has a member's and another side.
-- most integer -> ('examined', transfers, ''), then subject, expected, found
WITH counted AS (
    SELECT e.member_id, e.transfer_id, count(*) FILTER (WHERE e.account = 'available') AS own,
           count(*) FILTER (WHERE e.account <> 'available') AS other,
           bool_and(e.wallet = t.wallet AND e.happened_at = t.happened_at) AS same
      FROM ledger_entry e
      LEFT JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
     GROUP BY e.member_id, e.transfer_id
), wrong AS (
    SELECT format('member %%s, transfer %%s', coalesce(t.member_id, c.member_id), coalesce(t.transfer_id, c.transfer_id)),
           'a transfer with both sides, of one wallet and time',
           format('%%s own entries, %%s others', coalesce(c.own, 0), coalesce(c.other, 0))
      FROM ledger_transfer t
      FULL JOIN counted c ON c.member_id = t.member_id AND c.transfer_id = t.transfer_id
     WHERE t.transfer_id IS NULL OR c.transfer_id IS NULL OR c.own = 0 OR c.other <> 1 OR c.same IS NOT TRUE
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_transfer UNION ALL SELECT * FROM wrong
