-- Products by their id.
-- ids bigint[] -> product_id, sku, name, category, department, brand, supplier, tags
SELECT product_id, sku, name, category, department, brand, supplier, tags
  FROM product
 WHERE product_id = ANY (%(ids)s)
