-- Add the products of the temporary table product_given; known ones (by sku) get the new texts, and keep their id.
INSERT INTO product (product_id, sku, name, category, department, brand, supplier, tags)
SELECT product_id, sku, name, category, department, brand, supplier, tags
  FROM product_given
ON CONFLICT (sku) DO UPDATE
   SET name = excluded.name, category = excluded.category, department = excluded.department,
       brand = excluded.brand, supplier = excluded.supplier, tags = excluded.tags
