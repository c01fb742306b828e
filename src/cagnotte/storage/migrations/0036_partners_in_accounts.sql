-- Points that a partner pays for, in the accounts: a lot has a part for each who paid, and the partner owes for its own.
-- What was valued before stays as it was: the programme's own. Nothing of the ledger is touched.

ALTER TABLE accounting_lot
    ADD COLUMN partner    text NOT NULL DEFAULT '',  -- who pays for this part of the lot; '': the programme's own
    ADD COLUMN lot_points bigint;                    -- of the whole lot; null: no partner pays for any of it
ALTER TABLE accounting_lot DROP CONSTRAINT accounting_lot_pkey;
ALTER TABLE accounting_lot ADD PRIMARY KEY (member_id, lot_id, partner);
CREATE INDEX accounting_lot_of_partners ON accounting_lot (member_id, lot_id) WHERE lot_points IS NOT NULL;

ALTER TABLE accounting_portfolio ADD COLUMN partner text NOT NULL DEFAULT '';
ALTER TABLE accounting_portfolio DROP CONSTRAINT accounting_portfolio_pkey;
ALTER TABLE accounting_portfolio ADD PRIMARY KEY (month, wallet, kind, given_in, store_id, partner);

ALTER TABLE accounting_entry ADD COLUMN partner text NOT NULL DEFAULT '';
-- Whether the closing counted what partners owe: of months closed before, it is not in the entries.
ALTER TABLE accounting_period ADD COLUMN with_partners boolean NOT NULL DEFAULT false;

-- What a partner owed, less what it got back, for all points up to the end of a closed month; what it has paid of that
-- stands in the company's own books.
CREATE TABLE accounting_receivable (
    month        date   NOT NULL,
    partner      text   NOT NULL,
    name         jsonb  NOT NULL,             -- language -> what it was called
    points       bigint NOT NULL,
    amount_minor bigint NOT NULL,
    PRIMARY KEY (month, partner)
);
CREATE TRIGGER accounting_receivable_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounting_receivable
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON accounting_receivable TO cagnotte_app;
    END IF;
END $$;
