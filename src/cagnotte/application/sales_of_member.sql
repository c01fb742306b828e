-- Sales of one account with what was decided for them, in order of what happened.
-- member_id bigint (negative: guest), sale_id bigint or null (all)
--   -> sale_id, external_id, store, channel, happened_at, happened_local,
--   version (null: guest), decision, the facts it used (JSON texts; null: guest), details (JSON text; null: none)
SELECT sale.sale_id, sale.external_id, store.external_id, sale.channel, sale.happened_at, sale.happened_local,
       decided.version, decided.decision::text, decided.facts::text, sale.details::text
  FROM sale
  JOIN store USING (store_id)
  LEFT JOIN sale_decision AS decided
         ON decided.member_id = sale.member_id AND decided.sale_id = sale.sale_id
 WHERE sale.member_id = %(member_id)s
   AND sale.sale_id = coalesce(%(sale_id)s, sale.sale_id)
 ORDER BY sale.happened_local, sale.happened_at, sale.sale_id
