-- Staged sales with their lines, member by member, each member's in order of time; guests come first.
-- -> member_id (negative: guest), store_id, sale, line_no, at, local, has_offset (as the
--    till said it), store, channel, country (of the member; "": not known),
--    currency (null: not said), recorded_member,
--    recorded_hash, product_ids, quantities, paid (arrays of one length, in order of the file)
-- In order of bytes where times are equal, on every server.
-- A sale recorded with other content may name a member, store or product that nobody knows: 0.
WITH resolved AS (
    SELECT s.*, coalesce(store.store_id, 0) AS store_id,
           CASE WHEN s.member IS NULL
                THEN -1 - ('x0' || left(encode(sha256(convert_to(s.sale, 'UTF8')), 'hex'), 15))::bit(64)::bigint
                ELSE coalesce((SELECT i.member_id FROM member_identifier i
                       WHERE i.kind IN ('external', 'card', 'email', 'phone') AND i.value = s.member
                       ORDER BY i.kind = 'external' DESC LIMIT 1), 0)
           END AS member_id
      FROM staged_sale s
      LEFT JOIN store ON store.external_id = s.store
), lines AS (
    SELECT sale, array_agg(product_id) AS product_ids, array_agg(quantity) AS quantities, array_agg(paid) AS paid
      FROM (SELECT staged.sale, coalesce(product.product_id, 0) AS product_id, staged.quantity, staged.paid
              FROM staged LEFT JOIN product ON product.sku = staged.sku
             ORDER BY staged.sale, staged.line_no) AS ordered
     GROUP BY sale
)
SELECT r.member_id, r.store_id, r.sale, r.line_no, r.at, r.local, r.has_offset, r.store, r.channel,
       coalesce(m.country, '') AS country, r.currency, r.recorded_member,
       r.recorded_hash, l.product_ids, l.quantities, l.paid
  FROM resolved r
  JOIN lines l ON l.sale = r.sale
  LEFT JOIN member m ON m.member_id = r.member_id
 ORDER BY r.member_id, r.at, r.local, r.sale COLLATE "C"
