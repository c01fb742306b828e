-- What a partner pays for as it was posted in a period, act by act, with the decision that is kept of each.
-- partner text, first_instant timestamptz, end_instant timestamptz (the first after it)
-- -> wallet, points (below 0: taken back), version (that decided; null: nothing is kept), decided bytea (packed: of a sale),
--   decision text (of a return or a correction)
SELECT t.wallet, e.points, coalesce(s.version, r.version, c.version), s.decided, coalesce(r.decision, c.decision)::text
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
  LEFT JOIN sale s ON s.member_id = t.member_id AND s.sale_id = t.transfer_id & ~255::bigint
  LEFT JOIN sale_return r ON r.member_id = t.member_id AND r.return_id = t.transfer_id & ~255::bigint
  LEFT JOIN sale_correction c ON c.member_id = t.member_id AND c.correction_id = t.transfer_id & ~255::bigint
 WHERE t.kind = 'funded'
   AND t.note = %(partner)s
   AND t.posted_at >= %(first_instant)s
   AND t.posted_at < %(end_instant)s
