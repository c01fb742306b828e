-- Stores that no sale named before. -> external id
SELECT DISTINCT staged_sale.store
  FROM staged_sale LEFT JOIN store ON store.external_id = staged_sale.store
 WHERE store.store_id IS NULL
 ORDER BY 1
