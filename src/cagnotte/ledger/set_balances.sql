-- Balances after one set of postings.
-- members, wallets, points (>= 0, what the open lots hold): arrays of one length.
-- The version grows by one per set, under the lock of the member's standing (INV-09).
INSERT INTO ledger_balance (member_id, wallet, points, version)
SELECT member_id, wallet, points, 1
  FROM unnest(%(members)s::bigint[], %(wallets)s::text[], %(points)s::bigint[]) AS held (member_id, wallet, points)
ON CONFLICT (member_id, wallet) DO UPDATE
   SET points = excluded.points,
       version = ledger_balance.version + 1
