-- Lines of the sales of one account with what the catalogue says of their products.
-- member_id bigint, sale_id bigint or null (all) -> sale_id, sku, name, category, department, brand, supplier, tags,
--   quantity, paid_minor, list_minor, tax_minor, cost_minor (null: not said), attributes (JSON text; null: none)
SELECT line.sale_id, product.sku, product.name, product.category, product.department, product.brand,
       product.supplier, product.tags, line.quantity, line.paid_minor,
       line.list_minor, line.tax_minor, line.cost_minor, line.attributes::text
  FROM sale_line AS line
  JOIN product USING (product_id)
 WHERE line.member_id = %(member_id)s
   AND line.sale_id = coalesce(%(sale_id)s, line.sale_id)
 ORDER BY line.sale_id, line.line_no
