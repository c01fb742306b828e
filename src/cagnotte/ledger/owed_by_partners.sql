-- Points that partners pay for, of all that happened before a day, less what was taken back, by the month of the statement
-- that they stand in and the version that sets their price: that of the sale they are about.
-- end_day date, known_at timestamptz (null: all that is posted), begins timestamptz[] (of the versions, rising), zone text
-- -> partner, month (first day), version (from 1; 0: before the first), points
SELECT t.note, date_trunc('month', t.posted_at AT TIME ZONE %(zone)s)::date,
       width_bucket(coalesce(sale.happened_at, t.happened_at), %(begins)s::timestamptz[]), sum(e.points)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
  LEFT JOIN sale ON sale.member_id = t.member_id AND sale.sale_id = t.sale_id
 WHERE t.kind = 'funded' AND t.happened_on < %(end_day)s
   AND (%(known_at)s::timestamptz IS NULL OR t.posted_at <= %(known_at)s)
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
