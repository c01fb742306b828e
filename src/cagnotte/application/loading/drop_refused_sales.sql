-- A sale is loaded whole or not at all: rows of a sale of which another row was refused.
-- -> line_no, sale, the line that was refused
WITH refused AS (SELECT sale, min(line_no) AS line_no FROM refused_sale GROUP BY sale)
DELETE FROM staged USING refused
 WHERE staged.sale = refused.sale
RETURNING staged.line_no, staged.sale, refused.line_no
