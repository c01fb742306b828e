-- What is exported of entries: both sides of each transfer.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, transfer_id, entry_no
SELECT member_id, transfer_id, entry_no, account, regexp_replace(wallet, %(formula)s, %(guarded)s) AS wallet, points, lot_id
  FROM ledger_entry
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, transfer_id, entry_no
