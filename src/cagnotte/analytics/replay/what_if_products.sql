-- The catalogue of a history by the number that its lines say. DuckDB.
-- path of products.parquet -> table products
CREATE TABLE products AS
SELECT file_row_number::INTEGER AS number, sku, category, department, brand, supplier, coalesce(tags, []) AS tags
  FROM read_parquet(?, file_row_number = true)
