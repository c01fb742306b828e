-- The lines of a sale with what the catalogue says of their products.
-- member_id bigint, sale_id bigint
--   -> line_no, sku, name, category, department, brand, supplier, tags, quantity, paid_minor,
--   list_minor, tax_minor, cost_minor (null: not said), attributes (JSON text; null: none)
SELECT line.line_no, product.sku, product.name, product.category, product.department, product.brand,
       product.supplier, product.tags, line.quantity, line.paid_minor,
       line.list_minor, line.tax_minor, line.cost_minor, line.attributes::text
  FROM sale_line AS line
  JOIN product USING (product_id)
 WHERE line.member_id = %(member_id)s
   AND line.sale_id = %(sale_id)s
 ORDER BY line.line_no
