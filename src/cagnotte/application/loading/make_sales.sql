-- One row per staged sale, with what is already recorded under its id.
CREATE TEMP TABLE staged_sale AS
SELECT grouped.*,
       sale.member_id AS recorded_member, sale.content_hash AS recorded_hash
  FROM (SELECT sale, min(line_no) AS line_no, min(at) AS at, min(local) AS local, min(store) AS store,
               min(member) AS member, min(channel) AS channel, count(*) AS lines
          FROM staged GROUP BY sale) AS grouped
  LEFT JOIN sale ON sale.external_id = grouped.sale
