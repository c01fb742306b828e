-- What is exported of days of lots that were moved: before, and after.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id, version, lot_id
SELECT member_id, version, lot_id, expires_before, usable_before,
       regexp_replace(awaited_before, %(formula)s, %(guarded)s) AS awaited_before, expires_on, usable_from,
       regexp_replace(awaits, %(formula)s, %(guarded)s) AS awaits, event_id, happened_on,
       regexp_replace(reason, %(formula)s, %(guarded)s) AS reason
  FROM ledger_lot_redated
 WHERE %(members)s::bigint[] IS NULL OR member_id = ANY (%(members)s)
 ORDER BY member_id, version, lot_id
