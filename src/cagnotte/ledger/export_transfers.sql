-- What is exported of transfers: all that is sealed of them, and when they were posted.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, transfer_id
SELECT member_id, transfer_id, version, regexp_replace(key, %(formula)s, %(guarded)s) AS key, kind,
       regexp_replace(wallet, %(formula)s, %(guarded)s) AS wallet,
       to_char(happened_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS happened_at, happened_on,
       to_char(posted_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS posted_at, sale_id,
       regexp_replace(note, %(formula)s, %(guarded)s) AS note,
       regexp_replace(made_by, %(formula)s, %(guarded)s) AS made_by, expires_on, usable_from,
       regexp_replace(awaits, %(formula)s, %(guarded)s) AS awaits
  FROM ledger_transfer
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, transfer_id
