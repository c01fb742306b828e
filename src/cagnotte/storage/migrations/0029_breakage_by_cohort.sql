-- What an estimate of breakage was made of, so that it can be shown and tested against what happened since; and what the
-- points of a closed month stand for, cut by what people ask for. Nothing of the ledger is touched.

ALTER TABLE breakage_estimate
    ADD COLUMN applied  integer CHECK (applied BETWEEN 0 AND 10000),  -- that the closing counted with; null: as estimated
    ADD COLUMN known_at timestamptz,          -- on the ledger's clock: what was posted until then is in it
    ADD COLUMN based_on jsonb;                -- `Made` in domain/breakage/made.py; null: stated by a person

CREATE TABLE accounting_liability (
    month           date   NOT NULL,          -- that was closed
    cut             text   NOT NULL CHECK (cut IN ('cohort', 'wallet', 'tier', 'store')),
    code            text   NOT NULL,          -- month, wallet, tier, the caller's id of a store; "": none
    points          bigint NOT NULL,          -- open, or set aside
    value_minor     bigint NOT NULL,          -- what they save who uses them
    expected_points bigint NOT NULL,          -- of them, expected to be used
    deferred_minor  bigint NOT NULL,
    provision_minor bigint NOT NULL,
    PRIMARY KEY (month, cut, code)
);
CREATE TRIGGER accounting_liability_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounting_liability
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON accounting_liability TO cagnotte_app;
    END IF;
END $$;
