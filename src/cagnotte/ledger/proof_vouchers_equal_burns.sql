-- Every conversion gave the vouchers that its sale's decision says (at least one when the member asked), and
-- every voucher was paid for by a conversion of its member. A decision that gives vouchers is kept plain (a 0 before
-- its JSON).
-- most integer -> ('examined', vouchers, ''), then subject, expected, found
WITH burned AS (
    SELECT t.member_id, t.transfer_id, decided.vouchers
      FROM ledger_transfer t
      LEFT JOIN sale s ON s.member_id = t.member_id AND s.sale_id = t.sale_id
      LEFT JOIN LATERAL (SELECT sum((effect ->> 'count')::bigint) AS vouchers
                           FROM jsonb_array_elements(CASE get_byte(s.decided, 0) WHEN 0 THEN
                                    convert_from(substr(s.decided, 2), 'UTF8')::jsonb -> 'effects' END) AS effect
                          WHERE effect ->> 'type' = 'VouchersIssued'
                            AND (effect ->> 'transfer_id')::bigint = t.transfer_id) AS decided ON true
     WHERE t.kind = 'conversion'
), given AS (
    SELECT member_id, transfer_id, count(*) AS vouchers FROM voucher GROUP BY member_id, transfer_id
), wrong AS (
    SELECT format('member %%s, transfer %%s', coalesce(b.member_id, g.member_id), coalesce(b.transfer_id, g.transfer_id)),
           format('a conversion with %%s', coalesce(b.vouchers::text, 'its vouchers')),
           format('%%s vouchers, %%s', coalesce(g.vouchers, 0), CASE WHEN b.transfer_id IS NULL THEN 'no conversion' ELSE 'a conversion' END)
      FROM burned b
      FULL JOIN given g ON g.member_id = b.member_id AND g.transfer_id = b.transfer_id
     WHERE b.transfer_id IS NULL OR g.transfer_id IS NULL OR g.vouchers <> b.vouchers
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM voucher UNION ALL SELECT * FROM wrong
