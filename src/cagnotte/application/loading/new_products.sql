-- Products that were not known, described as the first line that names them does.
-- -> sku, category, department, brand, supplier
SELECT DISTINCT ON (staged.sku) staged.sku, coalesce(staged.category, ''), coalesce(staged.department, ''),
       coalesce(staged.brand, ''), coalesce(staged.supplier, '')
  FROM staged LEFT JOIN product ON product.sku = staged.sku
 WHERE product.product_id IS NULL
 ORDER BY staged.sku, staged.line_no
