-- The first row of a sale says whose it is, where and when; rows of the same sale that say otherwise are refused.
-- -> line_no, sale, line_no of the first row
WITH first AS (
    SELECT DISTINCT ON (staged.sale) staged.sale, staged.line_no, staged.at, staged.local, staged.store,
           staged.channel, staged.member
      FROM staged JOIN staged_sale ON staged_sale.sale = staged.sale AND staged_sale.mixed
     ORDER BY staged.sale, staged.line_no
)
DELETE FROM staged USING first
 WHERE staged.sale = first.sale
   AND (staged.at, staged.local, staged.store, staged.channel, coalesce(staged.member, ''))
       <> (first.at, first.local, first.store, first.channel, coalesce(first.member, ''))
RETURNING staged.line_no, staged.sale, first.line_no
