-- A member's transfers of a period, oldest first, as they were known at an instant.
-- member_id bigint, first_day date, end_day date (day after the last), known_at timestamptz -> transfer_id, version, kind,
--   wallet, happened_at, happened_on, posted_at, sale (the caller's id, or null), note, points available, points held,
--   partners jsonb (partner -> points that it pays for, of the same act and wallet, where it gives or takes back)
SELECT t.transfer_id, t.version, t.kind, t.wallet, t.happened_at, t.happened_on, t.posted_at, s.external_id,
       coalesce(t.note, ''),
       coalesce((SELECT sum(e.points) FROM ledger_entry e
                  WHERE e.member_id = t.member_id AND e.transfer_id = t.transfer_id
                    AND e.account = 'available'), 0)::bigint,
       coalesce((SELECT sum(e.points) FROM ledger_entry e
                  WHERE e.member_id = t.member_id AND e.transfer_id = t.transfer_id
                    AND e.account = 'held'), 0)::bigint,
       coalesce((SELECT jsonb_object_agg(f.note, e.points)
                   FROM ledger_transfer f
                   JOIN ledger_entry e ON e.member_id = f.member_id AND e.transfer_id = f.transfer_id
                                      AND e.account = 'partner'
                  WHERE f.member_id = t.member_id AND f.kind = 'funded' AND f.wallet = t.wallet
                    AND f.transfer_id BETWEEN t.transfer_id & ~255::bigint AND t.transfer_id | 255
                    AND t.kind IN ('earn', 'clawback', 'correction')), '{}'::jsonb)
  FROM ledger_transfer t
  LEFT JOIN sale s ON s.member_id = t.member_id AND s.sale_id = t.sale_id
 WHERE t.member_id = %(member_id)s
   AND t.happened_on >= %(first_day)s
   AND t.happened_on < %(end_day)s
   AND t.posted_at <= %(known_at)s
   AND t.kind <> 'funded'                     -- who pays for points is no movement of the member's
 ORDER BY t.happened_at, t.version NULLS FIRST, t.transfer_id
