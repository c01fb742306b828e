-- Conservation (INV-01): the entries of each transfer sum to zero per wallet.
-- most integer -> ('examined', transfers, ''), then subject, expected, found
WITH summed AS (
    SELECT member_id, transfer_id, wallet, sum(points) AS points
      FROM ledger_entry GROUP BY member_id, transfer_id, wallet
), wrong AS (
    SELECT format('member %%s, transfer %%s, wallet %%s', member_id, transfer_id, wallet), '0', points::text
      FROM summed WHERE points <> 0 LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM summed UNION ALL SELECT * FROM wrong
