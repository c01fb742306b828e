-- Balances (INV-03): each balance is the sum of the member's entries.
-- most integer -> ('examined', balances, ''), then subject, expected, found
WITH replayed AS (
    SELECT member_id, wallet, sum(points) AS points
      FROM ledger_entry WHERE account = 'available' GROUP BY member_id, wallet
), wrong AS (
    SELECT format('member %%s, wallet %%s', coalesce(b.member_id, r.member_id), coalesce(b.wallet, r.wallet)),
           coalesce(r.points, 0)::text, coalesce(b.points::text, 'no balance')
      FROM ledger_balance b
      FULL JOIN replayed r ON r.member_id = b.member_id AND r.wallet = b.wallet
     WHERE b.points IS DISTINCT FROM r.points
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_balance UNION ALL SELECT * FROM wrong
