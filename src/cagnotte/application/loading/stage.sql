-- Temporary tables of one load: they are gone with its connection, whatever happens to it.
CREATE TEMP TABLE staged (
    line_no bigint NOT NULL, whole boolean NOT NULL, sale text NOT NULL, at timestamptz NOT NULL, local timestamp NOT NULL,
    has_offset boolean NOT NULL,    store text NOT NULL, member text, channel text NOT NULL, sku text NOT NULL, quantity integer NOT NULL,
    paid bigint NOT NULL, currency text, category text, department text, brand text, supplier text
);
CREATE TEMP TABLE refused_sale (sale text NOT NULL, line_no bigint NOT NULL);
