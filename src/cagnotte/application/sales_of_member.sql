-- Sales of one account with what was decided for them, in order of what happened.
-- member_id bigint (negative: guest), sale_id bigint or null (all)
--   -> sale_id, external_id, store, channel, happened_at, happened_local,
--   version (null: guest), the decision with the facts it used (packed JSON; null: guest), details (JSON text; null: none)
SELECT sale.sale_id, sale.external_id, store.external_id, sale.channel, sale.happened_at, sale.happened_local,
       sale.version, sale.decided, sale.details::text
  FROM sale
  JOIN store USING (store_id)
 WHERE sale.member_id = %(member_id)s
   AND sale.sale_id = coalesce(%(sale_id)s, sale.sale_id)
 ORDER BY sale.happened_local, sale.happened_at, sale.sale_id
