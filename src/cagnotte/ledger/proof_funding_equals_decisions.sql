-- What partners pay for each sale, and what was decided for it: compared in ledger/proof_funding.py, since decisions are
-- packed. Sales of versions in which anybody may pay for points, and any other that the ledger says a partner pays for.
-- -> subject, decided bytea (null: none kept), since text[] (decisions of its returns and corrections), funded jsonb
-- (list of [partner, wallet, points]; null: nothing)
WITH funding AS (
    SELECT paid.member_id, paid.sale_id, jsonb_agg(jsonb_build_array(paid.partner, paid.wallet, paid.points)) AS funded
      FROM (SELECT t.member_id, t.sale_id, t.note AS partner, t.wallet, sum(e.points) AS points
              FROM ledger_transfer t
              JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
             WHERE t.kind = 'funded' AND t.sale_id IS NOT NULL
             GROUP BY t.member_id, t.sale_id, t.note, t.wallet) paid
     GROUP BY paid.member_id, paid.sale_id
)
SELECT format('sale %%s', coalesce(s.external_id, f.sale_id::text)), s.decided,
       ARRAY(SELECT r.decision::text FROM sale_return r WHERE r.member_id = s.member_id AND r.sale_id = s.sale_id
             UNION ALL
             SELECT c.decision::text FROM sale_correction c WHERE c.member_id = s.member_id AND c.sale_id = s.sale_id),
       f.funded
  FROM sale s
  FULL JOIN funding f ON f.member_id = s.member_id AND f.sale_id = s.sale_id
 WHERE f.member_id IS NOT NULL
    OR s.version IN (SELECT v.version FROM programme_version v
                      WHERE v.programme = s.programme AND strpos(v.document, 'funded_by') > 0)
