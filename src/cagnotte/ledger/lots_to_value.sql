-- Lots given up to a day that no closing took into account, those of one sale beside each other.
-- end_day date (the first day that is not looked at) -> member_id, lot_id, kind, wallet, happened_at, happened_on,
-- points, key, sale_id, store_id, paid_minor (of the sale, in the programme's currency, without tax; null: no sale)
SELECT t.member_id, t.transfer_id, t.kind, t.wallet, t.happened_at, t.happened_on, e.points, t.key, s.sale_id, s.store_id,
       (s.paid_minor - CASE WHEN s.own_minor IS NULL THEN tax.minor
                           WHEN s.own_minor = 0 THEN 0
                           ELSE div(tax.minor * s.paid_minor, s.own_minor) END)::bigint
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.lot_id = t.transfer_id
  LEFT JOIN accounting_lot v ON v.member_id = t.member_id AND v.lot_id = t.transfer_id
  LEFT JOIN sale s ON s.member_id = t.member_id AND s.sale_id = t.sale_id
  LEFT JOIN LATERAL (SELECT coalesce(sum(l.tax_minor), 0) AS minor
                       FROM (SELECT (line ->> 1)::bigint AS tax_minor
                               FROM jsonb_array_elements(s.lines_more) AS line) l) tax ON true
 WHERE t.happened_on < %(end_day)s AND v.lot_id IS NULL
 ORDER BY coalesce(t.sale_id, t.transfer_id), t.member_id, t.transfer_id
