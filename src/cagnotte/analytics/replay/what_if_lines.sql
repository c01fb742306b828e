-- The lines of these sales with what the catalogue says of their products. DuckDB.
-- tables events and products -> view sale_lines
CREATE OR REPLACE TEMP VIEW sale_lines AS
SELECT sale_id, sku, quantity, paid, coalesce(listed, paid) AS list_price,
       coalesce(paid < listed, false) AS is_reduced, coalesce(tax, 0) AS tax,
       coalesce(paid - coalesce(tax, 0) - cost, 0) AS margin, category, department, brand, supplier, tags
  FROM (SELECT sale_id, unnest(product) AS number, unnest(quantity)::BIGINT AS quantity, unnest(line_paid) AS paid,
               unnest(coalesce(listed, [])) AS listed, unnest(coalesce(tax, [])) AS tax,
               unnest(coalesce(cost, [])) AS cost
          FROM events) AS line
  JOIN products USING (number)
