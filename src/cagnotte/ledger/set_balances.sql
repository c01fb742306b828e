-- Balances after one set of postings.
-- members, wallets, points (>= 0, what the open lots hold), versions (of the member's books): arrays of one length.
-- Versions only grow, under the lock of the member's standing (INV-09).
INSERT INTO ledger_balance (member_id, wallet, points, version)
SELECT member_id, wallet, points, version
  FROM unnest(%(members)s::bigint[], %(wallets)s::text[], %(points)s::bigint[], %(versions)s::bigint[])
       AS held (member_id, wallet, points, version)
ON CONFLICT (member_id, wallet) DO UPDATE
   SET points = excluded.points,
       version = excluded.version
