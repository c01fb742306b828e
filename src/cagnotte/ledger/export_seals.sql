-- What is exported of seals.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, seal_no
SELECT member_id, seal_no, version, encode(digest, 'hex') AS digest
  FROM ledger_seal
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, seal_no
