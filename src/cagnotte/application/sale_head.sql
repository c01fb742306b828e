-- A sale with what was decided for it.
-- member_id bigint (negative: guest), sale_id bigint -> sale_id (the caller's), member (external id; null: guest),
--   store, store_name, channel, happened_at, happened_local, posted_at, paid_minor, points_earned,
--   version (null: guest), the decision with the facts it used (packed JSON; null: guest),
--   details (JSON text; null: none), language and country of the member today ("": not known)
SELECT sale.external_id, member.external_id, store.external_id, store.name, sale.channel, sale.happened_at,
       sale.happened_local, sale.posted_at, sale.paid_minor, sale.points_earned, sale.version,
       sale.decided, sale.details::text,
       coalesce(member.language, ''), coalesce(member.country, '')
  FROM sale
  JOIN store USING (store_id)
  LEFT JOIN member USING (member_id)
 WHERE sale.member_id = %(member_id)s
   AND sale.sale_id = %(sale_id)s
