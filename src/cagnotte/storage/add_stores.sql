-- Stores not known yet; a store that is there already stays as it is.
-- ids bigint[], external_ids text[] of one length
INSERT INTO store (store_id, external_id, name)
SELECT store_id, external_id, external_id
  FROM unnest(%(ids)s::bigint[], %(external_ids)s::text[]) AS given (store_id, external_id)
ON CONFLICT (external_id) DO NOTHING
