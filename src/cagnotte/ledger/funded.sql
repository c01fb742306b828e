-- Points that a partner pays for, as they were posted in a period, by store, wallet and the version that sets their price:
-- that of the sale they are about, so that what comes back is credited at what was paid for it.
-- partner text, first_instant timestamptz, end_instant timestamptz (the first after it), begins timestamptz[] (of the
-- versions, rising) -> store (the caller's id, '' without one), wallet, version (from 1; 0: before the first), points given,
--   points taken back, both above 0
SELECT coalesce(store.external_id, ''), t.wallet, width_bucket(coalesce(sale.happened_at, t.happened_at), %(begins)s::timestamptz[]),
       coalesce(sum(e.points) FILTER (WHERE e.points > 0), 0)::bigint,
       coalesce(-sum(e.points) FILTER (WHERE e.points < 0), 0)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
  LEFT JOIN sale ON sale.member_id = t.member_id AND sale.sale_id = t.sale_id
  LEFT JOIN store ON store.store_id = sale.store_id
 WHERE t.kind = 'funded'
   AND t.note = %(partner)s
   AND t.posted_at >= %(first_instant)s
   AND t.posted_at < %(end_instant)s
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
