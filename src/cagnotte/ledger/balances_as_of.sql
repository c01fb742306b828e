-- A member's balances as of an instant in either time: of what happened up to one, as known at the other.
-- member_id bigint, happened_at timestamptz, known_at timestamptz -> wallet, available, held, owed (bigint)
SELECT t.wallet,
       coalesce(sum(e.points) FILTER (WHERE e.account = 'available'), 0)::bigint,
       coalesce(sum(e.points) FILTER (WHERE e.account = 'held'), 0)::bigint,
       coalesce(-sum(e.points) FILTER (WHERE e.account = 'debt'), 0)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id
 WHERE t.member_id = %(member_id)s
   AND t.happened_at <= %(happened_at)s
   AND t.posted_at <= %(known_at)s
 GROUP BY t.wallet
 ORDER BY t.wallet
