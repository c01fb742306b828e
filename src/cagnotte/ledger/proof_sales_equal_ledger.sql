-- Every sale says the points that its transfers gave, and the money of its lines. What a clawback undid, or a debt
-- took at once, was given all the same.
-- most integer -> ('examined', sales, ''), then subject, expected, found
WITH earned AS (
    SELECT t.member_id, t.sale_id, -sum(e.points) AS points
      FROM ledger_transfer t
      JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.account = 'issued'
     WHERE t.kind = 'earn' AND t.sale_id IS NOT NULL
     GROUP BY t.member_id, t.sale_id
), wrong AS (
    SELECT format('sale %%s', coalesce(s.external_id, e.sale_id::text)),
           format('%%s points, %%s lines, %%s paid', coalesce(e.points, 0), coalesce(l.lines, 0), coalesce(l.paid, 0)),
           format('%%s points, %%s lines, %%s paid', s.points_earned, s.line_count,
                  coalesce(s.own_minor, s.paid_minor))
      FROM sale s
      FULL JOIN earned e ON e.member_id = s.member_id AND e.sale_id = s.sale_id
      LEFT JOIN LATERAL (SELECT count(*) AS lines, sum(paid) AS paid
                           FROM unnest(s.product_ids, s.quantities, s.line_paid) AS line (product, quantity, paid)
                          WHERE product IS NOT NULL AND quantity IS NOT NULL) AS l ON true
     WHERE s.sale_id IS NULL OR s.points_earned <> coalesce(e.points, 0)
        OR s.line_count <> coalesce(l.lines, 0) OR coalesce(s.own_minor, s.paid_minor) <> coalesce(l.paid, 0)
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM sale UNION ALL SELECT * FROM wrong
