-- A sale is one row, with its lines and what was decided for it: eleven rows and their entries in two indexes before.

ALTER TABLE sale
    ADD COLUMN product_ids bigint[]  NOT NULL DEFAULT '{}',   -- of the lines, in their order
    ADD COLUMN quantities  integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN line_paid   bigint[]  NOT NULL DEFAULT '{}',
    ADD COLUMN lines_more  jsonb,              -- of each line [list_minor, tax_minor, cost_minor, attributes], null
                                               -- where it is not said; null: nothing is said of any line
    ADD COLUMN programme   text,               -- what decided; null: a guest's sale
    ADD COLUMN version     integer,
    ADD COLUMN decided     bytea;              -- the decision with the facts that it used, packed (storage/packing.py):
                                               -- explained again years later

UPDATE sale
   SET product_ids = lines.product_ids, quantities = lines.quantities, line_paid = lines.line_paid,
       lines_more = lines.more
  FROM (SELECT member_id, sale_id, array_agg(product_id ORDER BY line_no) AS product_ids,
               array_agg(quantity ORDER BY line_no) AS quantities, array_agg(paid_minor ORDER BY line_no) AS line_paid,
               CASE WHEN count(list_minor) + count(tax_minor) + count(cost_minor) + count(attributes) > 0 THEN
                   jsonb_agg(jsonb_build_array(list_minor, tax_minor, cost_minor, attributes) ORDER BY line_no) END AS more
          FROM sale_line
         GROUP BY member_id, sale_id) AS lines
 WHERE lines.member_id = sale.member_id AND lines.sale_id = sale.sale_id;

-- Not packed: 0 and the JSON text.
UPDATE sale
   SET programme = kept.programme, version = kept.version,
       decided = '\x00'::bytea || convert_to((kept.decision || jsonb_build_object('used', kept.facts))::text, 'UTF8')
  FROM sale_decision AS kept
 WHERE kept.member_id = sale.member_id AND kept.sale_id = sale.sale_id;

DO $$
BEGIN
    IF EXISTS (SELECT FROM sale_line LEFT JOIN sale USING (member_id, sale_id) WHERE sale.sale_id IS NULL) THEN
        RAISE EXCEPTION 'there are lines without a sale: nothing was changed';
    END IF;
END $$;
DROP TABLE sale_line, sale_decision;

-- The lines one by one, for whoever asks about products.
CREATE VIEW sale_line AS
SELECT sale.member_id, sale.sale_id, line.line_no::integer AS line_no, line.product_id, line.quantity, line.paid_minor,
       (sale.lines_more -> (line.line_no - 1)::integer ->> 0)::bigint AS list_minor,
       (sale.lines_more -> (line.line_no - 1)::integer ->> 1)::bigint AS tax_minor,
       (sale.lines_more -> (line.line_no - 1)::integer ->> 2)::bigint AS cost_minor,
       nullif(sale.lines_more -> (line.line_no - 1)::integer -> 3, 'null') AS attributes
  FROM sale, unnest(sale.product_ids, sale.quantities, sale.line_paid)
             WITH ORDINALITY AS line (product_id, quantity, paid_minor, line_no);

-- One index finds a sale by the caller's id and keeps a member from having it twice.
ALTER TABLE sale DROP CONSTRAINT sale_member_id_external_id_key;
DROP INDEX sale_by_external_id;
ALTER TABLE sale ADD CONSTRAINT sale_external_id_member_id_key UNIQUE (external_id, member_id);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT ON sale_line TO cagnotte_app;
    END IF;
END $$;
