-- Lots given up to a day that no closing took into account, those of one sale beside each other.
-- end_day date (the first day that is not looked at) -> member_id, lot_id, kind, wallet, happened_at, happened_on,
-- points, key, sale_id, store_id, paid_minor (of the sale, in the programme's currency, without tax; null: no sale),
-- priced_at (of the sale that it is about), partners text[], partner_points bigint[] (who pays for how many of its points;
-- null: nobody. Where an event gave several lots of a wallet, its first ones are paid for, partner by partner)
WITH funded AS (
    SELECT t.member_id, t.transfer_id & ~255::bigint AS event, t.wallet, t.note AS partner, sum(e.points) AS points
      FROM ledger_transfer t
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'partner'
     WHERE t.kind = 'funded' AND t.happened_on < %(end_day)s AND e.points > 0
       AND NOT EXISTS (SELECT FROM accounting_lot v
                        WHERE v.member_id = t.member_id AND v.wallet = t.wallet
                          AND v.lot_id BETWEEN t.transfer_id & ~255::bigint AND t.transfer_id | 255)
     GROUP BY 1, 2, 3, 4
), spans AS (
    SELECT member_id, event, wallet, partner, sum(points) OVER w - points AS begins, sum(points) OVER w AS ends
      FROM funded
    WINDOW w AS (PARTITION BY member_id, event, wallet ORDER BY partner)
), given AS (
    SELECT t.member_id, t.transfer_id AS lot_id, f.event, t.wallet, sum(e.points) OVER w - e.points AS begins,
           sum(e.points) OVER w AS ends
      FROM (SELECT DISTINCT member_id, event, wallet FROM funded) f
      JOIN ledger_transfer t ON t.member_id = f.member_id AND t.transfer_id BETWEEN f.event AND f.event + 255
                            AND t.wallet = f.wallet AND t.kind IN ('earn', 'correction')
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.lot_id = t.transfer_id
    WINDOW w AS (PARTITION BY t.member_id, f.event, t.wallet ORDER BY t.transfer_id)
), shared AS (
    SELECT g.member_id, g.lot_id, array_agg(s.partner ORDER BY s.partner) AS partners,
           array_agg((least(s.ends, g.ends) - greatest(s.begins, g.begins))::bigint ORDER BY s.partner) AS points
      FROM given g
      JOIN spans s ON s.member_id = g.member_id AND s.event = g.event AND s.wallet = g.wallet
                  AND s.begins < g.ends AND g.begins < s.ends
     GROUP BY g.member_id, g.lot_id
)
SELECT t.member_id, t.transfer_id, t.kind, t.wallet, t.happened_at, t.happened_on, e.points, t.key, s.sale_id, s.store_id,
       (s.paid_minor - CASE WHEN s.own_minor IS NULL THEN tax.minor
                           WHEN s.own_minor = 0 THEN 0
                           ELSE div(tax.minor * s.paid_minor, s.own_minor) END)::bigint,
       coalesce(s.happened_at, t.happened_at), shared.partners, shared.points
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.lot_id = t.transfer_id
  LEFT JOIN accounting_lot v ON v.member_id = t.member_id AND v.lot_id = t.transfer_id
  LEFT JOIN shared ON shared.member_id = t.member_id AND shared.lot_id = t.transfer_id
  LEFT JOIN sale s ON s.member_id = t.member_id AND s.sale_id = t.sale_id
  LEFT JOIN LATERAL (SELECT coalesce(sum(l.tax_minor), 0) AS minor
                       FROM (SELECT (line ->> 1)::bigint AS tax_minor
                               FROM jsonb_array_elements(s.lines_more) AS line) l) tax ON true
 WHERE t.happened_on < %(end_day)s AND v.lot_id IS NULL
 ORDER BY coalesce(t.sale_id, t.transfer_id), t.member_id, t.transfer_id
