-- Returns and voids of sales, kept beside the sale: what came back, and what was decided for it. The sale itself never
-- changes. And corrections: what an event that arrived late changed of a later decision.

CREATE TABLE sale_return (
    member_id      bigint      NOT NULL,      -- of the sale (negative: a guest's)
    return_id      bigint      NOT NULL,      -- the event, made in Python, sorts by time of recording
    sale_id        bigint      NOT NULL,
    happened_at    timestamptz NOT NULL,      -- the till's time
    happened_local timestamp   NOT NULL,      -- the same on the clock of the sale
    posted_at      timestamptz NOT NULL DEFAULT now(),
    is_void        boolean     NOT NULL,      -- the sale should never have been; else goods came back
    reason         text        NOT NULL DEFAULT '',
    refund_minor   bigint      NOT NULL CHECK (refund_minor >= 0),   -- in the sale's currency
    programme      text        NOT NULL,      -- the version that judged the sale, and so the return
    version        integer     NOT NULL,
    decision       jsonb       NOT NULL,      -- the effects as decided
    PRIMARY KEY (member_id, return_id)
);
CREATE INDEX sale_return_of_sale ON sale_return (member_id, sale_id);
CREATE INDEX sale_return_by_time ON sale_return (happened_local);

CREATE TABLE sale_return_line (
    member_id bigint  NOT NULL,
    return_id bigint  NOT NULL,
    line_no   integer NOT NULL CHECK (line_no > 0),     -- of the sale
    quantity  integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (member_id, return_id, line_no)
);

-- What was paid back, in the programme's currency, as sales are counted.
CREATE VIEW sale_refund AS
SELECT r.member_id, s.store_id, r.happened_local,
       CASE WHEN s.own_minor IS NULL OR s.own_minor = 0 THEN r.refund_minor
            ELSE (r.refund_minor::numeric * s.paid_minor / s.own_minor)::bigint END AS refund_minor
  FROM sale_return r
  JOIN sale s ON s.member_id = r.member_id AND s.sale_id = r.sale_id;

CREATE TABLE sale_correction (
    member_id      bigint      NOT NULL,
    correction_id  bigint      NOT NULL,      -- the event, made in Python
    sale_id        bigint      NOT NULL,      -- the sale whose points are corrected
    late_id        bigint      NOT NULL,      -- the sale or the return that arrived late
    happened_at    timestamptz NOT NULL,      -- of the sale corrected
    happened_local timestamp   NOT NULL,
    posted_at      timestamptz NOT NULL DEFAULT now(),
    programme      text        NOT NULL,
    version        integer     NOT NULL,
    decision       jsonb       NOT NULL,
    PRIMARY KEY (member_id, correction_id)
);
CREATE INDEX sale_correction_of_sale ON sale_correction (member_id, sale_id);

CREATE TRIGGER sale_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sale_return
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER sale_return_line_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sale_return_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER sale_correction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sale_correction
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON sale_return, sale_return_line, sale_correction TO cagnotte_app;
        GRANT SELECT ON sale_refund TO cagnotte_app;
    END IF;
END $$;
