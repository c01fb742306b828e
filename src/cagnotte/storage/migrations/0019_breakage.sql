-- What share of the points of a wallet is expected never to be used, as was estimated for a month. An estimate that
-- accounts were closed with is never rewritten: a better one is that of a later month.

CREATE TABLE breakage_estimate (
    wallet       text        NOT NULL,
    month        date        NOT NULL CHECK (extract(day FROM month) = 1),
    basis_points integer     NOT NULL,
    low          integer     NOT NULL CHECK (low >= 0),
    high         integer     NOT NULL CHECK (high <= 10000),
    lots         bigint      NOT NULL CHECK (lots >= 0),  -- that it was estimated from
    method       text        NOT NULL CHECK (method <> ''),
    estimated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (wallet, month),
    CHECK (basis_points BETWEEN low AND high)
);

CREATE TRIGGER breakage_estimate_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON breakage_estimate
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON breakage_estimate TO cagnotte_app;
    END IF;
END $$;
