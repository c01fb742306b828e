-- A line that says a whole sale says it once: where the file says the same sale again, the first counts.
-- -> line_no, sale, line_no of the first, whether the lines are the same
WITH repeated AS (
    SELECT staged.sale, min(staged.line_no) AS line_no
      FROM staged JOIN staged_sale ON staged_sale.sale = staged.sale AND staged_sale.mixed
     GROUP BY staged.sale
    HAVING bool_or(staged.whole) AND min(staged.line_no) <> max(staged.line_no)
), said AS (
    SELECT staged.sale, staged.line_no,
           array_agg((staged.sku, staged.quantity, staged.paid)::text
                     ORDER BY staged.sku, staged.quantity, staged.paid) AS lines
      FROM staged JOIN repeated ON repeated.sale = staged.sale
     GROUP BY staged.sale, staged.line_no
)
DELETE FROM staged USING repeated, said AS first, said AS again
 WHERE staged.sale = repeated.sale AND staged.line_no <> repeated.line_no
   AND first.sale = repeated.sale AND first.line_no = repeated.line_no
   AND again.sale = staged.sale AND again.line_no = staged.line_no
RETURNING staged.line_no, staged.sale, repeated.line_no, again.lines = first.lines
