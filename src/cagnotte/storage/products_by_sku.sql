-- Products by their sku.
-- skus text[] -> product_id, sku, name, category, department, brand, supplier, tags
SELECT product_id, sku, name, category, department, brand, supplier, tags
  FROM product
 WHERE sku = ANY (%(skus)s)
