-- The members whose books have anything that a run of seals did not seal: by the number of their books, by a transfer,
-- a change of days or an entry that stands there, whatever the number says; and sales and vouchers posted since.
-- seal_no bigint -> member_id bigint, each once
WITH sealed AS MATERIALIZED (
    SELECT DISTINCT ON (member_id) member_id, version
      FROM ledger_seal WHERE seal_no <= %(seal_no)s ORDER BY member_id, seal_no DESC
), since AS (
    SELECT sealed_at FROM ledger_seal_run WHERE seal_no = %(seal_no)s
)
SELECT s.member_id
  FROM member_standing s LEFT JOIN sealed ON sealed.member_id = s.member_id
 WHERE s.version > coalesce(sealed.version, 0)
 UNION
SELECT t.member_id
  FROM ledger_transfer t LEFT JOIN sealed ON sealed.member_id = t.member_id
 WHERE coalesce(t.version, 0) > coalesce(sealed.version, -1)
 UNION
SELECT r.member_id
  FROM ledger_lot_redated r LEFT JOIN sealed ON sealed.member_id = r.member_id
 WHERE r.version > coalesce(sealed.version, 0)
 UNION
SELECT e.member_id
  FROM ledger_entry e
 WHERE NOT EXISTS (SELECT FROM ledger_transfer t
                    WHERE t.member_id = e.member_id AND t.transfer_id = e.transfer_id)
 UNION
SELECT v.member_id
  FROM voucher v
 WHERE NOT EXISTS (SELECT FROM ledger_transfer t
                    WHERE t.member_id = v.member_id AND t.transfer_id = v.transfer_id)
 UNION
SELECT s.member_id
  FROM sale s
 WHERE s.posted_at >= (SELECT sealed_at FROM since) - interval '10 minutes'
