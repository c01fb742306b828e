-- The first row of a sale says whose it is, where and when; rows of the same sale that say otherwise are refused.
-- When a row that agrees with the first comes after one that does not, they were meant as one sale: all of it is
-- refused, since a sale without the faulty row would be half a sale (a line that says a whole sale stands alone).
-- -> line_no, sale, line_no of the other row, whether this row itself says otherwise
WITH first AS (
    SELECT DISTINCT ON (staged.sale) staged.sale, staged.line_no, staged.at, staged.local, staged.store,
           staged.channel, coalesce(staged.member, '') AS member, coalesce(staged.currency, '') AS currency
      FROM staged JOIN staged_sale ON staged_sale.sale = staged.sale AND staged_sale.mixed
     ORDER BY staged.sale, staged.line_no
), compared AS (
    SELECT staged.sale, staged.line_no, staged.whole,
           (staged.at, staged.local, staged.store, staged.channel, coalesce(staged.member, ''),
            coalesce(staged.currency, ''))
           <> (first.at, first.local, first.store, first.channel, first.member, first.currency) AS differs
      FROM staged JOIN first ON first.sale = staged.sale
), judged AS (
    SELECT sale, min(line_no) FILTER (WHERE differs) AS other_line,
           max(line_no) FILTER (WHERE NOT differs) > min(line_no) FILTER (WHERE differs)
           AND NOT bool_or(whole) AS one_sale
      FROM compared GROUP BY sale
)
DELETE FROM staged USING first, compared, judged
 WHERE first.sale = staged.sale AND judged.sale = staged.sale
   AND compared.sale = staged.sale AND compared.line_no = staged.line_no
   AND (compared.differs OR judged.one_sale)
RETURNING staged.line_no, staged.sale,
          CASE WHEN compared.differs THEN first.line_no ELSE judged.other_line END, compared.differs
