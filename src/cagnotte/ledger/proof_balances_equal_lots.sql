-- Balances (INV-03): each balance is what the member's lots hold.
-- most integer -> ('examined', balances, ''), then subject, expected, found
WITH held AS (
    SELECT member_id, wallet, sum(points_open) AS points FROM ledger_lot GROUP BY member_id, wallet
), wrong AS (
    SELECT format('member %%s, wallet %%s', coalesce(b.member_id, h.member_id), coalesce(b.wallet, h.wallet)),
           coalesce(h.points, 0)::text, coalesce(b.points::text, 'no balance')
      FROM ledger_balance b
      FULL JOIN held h ON h.member_id = b.member_id AND h.wallet = b.wallet
     WHERE b.points IS DISTINCT FROM h.points
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_balance UNION ALL SELECT * FROM wrong
