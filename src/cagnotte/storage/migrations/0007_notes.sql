-- What the program remembers of this database as a whole, by name.
CREATE TABLE shop_note (
    name  text PRIMARY KEY,
    value text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now()
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT, UPDATE ON shop_note TO cagnotte_app;
    END IF;
END $$;
