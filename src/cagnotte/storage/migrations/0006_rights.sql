-- The role that runs the program: it reads and adds, and changes only what is derived or of people.
-- Where the connected user may not create roles, the program runs as that user and the triggers alone
-- keep the books append-only; `cagnotte ledger prove` says so.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        CREATE ROLE cagnotte_app NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'cagnotte_app', 'MEMBER') THEN
        EXECUTE format('GRANT cagnotte_app TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'the role cagnotte_app could not be created: the program will run as %', current_user;
END $$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT USAGE ON SCHEMA public TO cagnotte_app;
        GRANT SELECT, INSERT ON ledger_transfer, ledger_entry, programme_version, sale, sale_line,
            sale_decision, tier_change, voucher, store, product TO cagnotte_app;
        GRANT SELECT, INSERT ON ledger_lot TO cagnotte_app;
        GRANT UPDATE (points_open) ON ledger_lot TO cagnotte_app;
        GRANT SELECT, INSERT, UPDATE ON ledger_balance, member_standing, store, product TO cagnotte_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON member, member_identifier, idempotency_answer, api_key
            TO cagnotte_app;
        GRANT SELECT ON schema_migration TO cagnotte_app;
    END IF;
END $$;
