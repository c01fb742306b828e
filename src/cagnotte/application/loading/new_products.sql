-- Products that were not known, described as the first line that names them does.
-- A recorded sale that names a new one is in conflict, and brings nothing new.
-- -> sku, category, department, brand, supplier
SELECT DISTINCT ON (staged.sku) staged.sku, coalesce(staged.category, ''), coalesce(staged.department, ''),
       coalesce(staged.brand, ''), coalesce(staged.supplier, '')
  FROM staged
  JOIN staged_sale ON staged_sale.sale = staged.sale AND staged_sale.recorded_hash IS NULL
  LEFT JOIN product ON product.sku = staged.sku
 WHERE product.product_id IS NULL
 ORDER BY staged.sku, staged.line_no
