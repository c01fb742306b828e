-- Every conversion gave at least one voucher, and every voucher was paid for by a conversion of its member.
-- most integer -> ('examined', vouchers, ''), then subject, expected, found
WITH burned AS (
    SELECT member_id, transfer_id FROM ledger_transfer WHERE kind = 'conversion'
), given AS (
    SELECT member_id, transfer_id, count(*) AS vouchers FROM voucher GROUP BY member_id, transfer_id
), wrong AS (
    SELECT format('member %%s, transfer %%s', coalesce(b.member_id, g.member_id), coalesce(b.transfer_id, g.transfer_id)),
           'a conversion with its vouchers',
           format('%%s vouchers, %%s', coalesce(g.vouchers, 0), CASE WHEN b.transfer_id IS NULL THEN 'no conversion' ELSE 'a conversion' END)
      FROM burned b
      FULL JOIN given g ON g.member_id = b.member_id AND g.transfer_id = b.transfer_id
     WHERE b.transfer_id IS NULL OR g.transfer_id IS NULL
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM voucher UNION ALL SELECT * FROM wrong
