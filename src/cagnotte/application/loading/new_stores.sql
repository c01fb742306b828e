-- Stores that no sale named before; a recorded sale that names one is in conflict. -> external id
SELECT DISTINCT staged_sale.store
  FROM staged_sale LEFT JOIN store ON store.external_id = staged_sale.store
 WHERE store.store_id IS NULL
   AND staged_sale.recorded_hash IS NULL
 ORDER BY 1
