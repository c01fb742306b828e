-- Points that were opened from one source, over all members.
-- prefix text (of the keys) -> points bigint
SELECT coalesce(sum(e.points), 0)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'available'
 WHERE t.kind = 'opening'
   AND starts_with(t.key, %(prefix)s)
