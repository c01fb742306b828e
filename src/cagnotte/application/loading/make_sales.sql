-- One row per staged sale, with what is already recorded under its id.
-- `mixed`: its rows do not say the same member, store, time, channel or currency, or whole sales are said more than once.
CREATE TEMP TABLE staged_sale AS
SELECT grouped.*,
       sale.member_id AS recorded_member, sale.content_hash AS recorded_hash
  FROM (SELECT sale, min(line_no) AS line_no, min(at) AS at, min(local) AS local, bool_or(has_offset) AS has_offset,
               min(store) AS store,
               min(member) AS member, min(channel) AS channel, min(currency) AS currency,
               count(*) AS lines,
               min(at) <> max(at) OR min(local) <> max(local) OR min(store) <> max(store)
               OR min(channel) <> max(channel) OR min(coalesce(member, '')) <> max(coalesce(member, ''))
               OR min(coalesce(currency, '')) <> max(coalesce(currency, ''))
               OR (bool_or(whole) AND min(line_no) <> max(line_no)) AS mixed
          FROM staged GROUP BY sale) AS grouped
  LEFT JOIN sale ON sale.external_id = grouped.sale
