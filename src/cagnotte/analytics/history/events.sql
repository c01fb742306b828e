-- Every member's sales and requests for vouchers; the members in order of member_id, a member's rows in no order.
-- zone text; countries, zones text[]: the clocks of countries that have another
-- -> member_id, event_id, happened_at, at (wall clock), conversion (null: a sale), times, store, channel,
--    details (JSON text; null: none), paid, product_ids, quantities, line_paid, listed, tax, cost, attributes
--    (arrays of one length in order of the lines; listed, tax, cost, attributes null where no line says them)
-- A member who did neither has one row without an event_id. Guests are not members.
WITH sold AS (
    SELECT sale.member_id, sale.sale_id AS event_id, sale.happened_at, sale.happened_local AS at,
           NULL::text AS conversion, 0 AS times, store.external_id AS store, sale.channel,
           sale.details::text AS details, sale.paid_minor AS paid, sale.product_ids, sale.quantities,
           sale.line_paid, more.listed, more.tax, more.cost, more.attributes
      FROM sale
      JOIN store USING (store_id)
      LEFT JOIN LATERAL (
           SELECT CASE WHEN count(line ->> 0) > 0 THEN array_agg((line ->> 0)::bigint ORDER BY line_no) END AS listed,
                  CASE WHEN count(line ->> 1) > 0 THEN array_agg((line ->> 1)::bigint ORDER BY line_no) END AS tax,
                  CASE WHEN count(line ->> 2) > 0 THEN array_agg((line ->> 2)::bigint ORDER BY line_no) END AS cost,
                  CASE WHEN count(line ->> 3) > 0 THEN array_agg(line ->> 3 ORDER BY line_no) END AS attributes
             FROM jsonb_array_elements(sale.lines_more) WITH ORDINALITY AS said (line, line_no)
            WHERE sale.lines_more IS NOT NULL) AS more ON true
     WHERE sale.member_id > 0
), asked AS (
    SELECT transfer.member_id, transfer.transfer_id AS event_id, transfer.happened_at,
           transfer.happened_at AT TIME ZONE coalesce(own.zone, %(zone)s) AS at, voucher.conversion, count(*)::integer AS times
      FROM ledger_transfer AS transfer
      JOIN voucher USING (member_id, transfer_id)
      JOIN member USING (member_id)
      LEFT JOIN unnest(%(countries)s::text[], %(zones)s::text[]) AS own (country, zone)
             ON own.country = member.country
     WHERE transfer.kind = 'conversion'
       AND transfer.key LIKE 'ask:%%'
     GROUP BY 1, 2, 3, 4, 5
)
SELECT * FROM sold
UNION ALL
SELECT asked.*, '', '', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM asked
UNION ALL
SELECT member.member_id, NULL, member.enrolled_at, member.enrolled_on::timestamp, NULL, 0, '', '', NULL, 0,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM member
 WHERE NOT EXISTS (SELECT FROM sale WHERE sale.member_id = member.member_id)
 ORDER BY member_id
