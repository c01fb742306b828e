-- Tamper evidence: from time to time the books of each member are sealed with a digest of all that was added since,
-- chained to the seal before. Kept outside, the digests of a run tell whether anything was rewritten since.

CREATE TABLE ledger_seal (
    member_id bigint NOT NULL,
    seal_no   bigint NOT NULL,
    version   bigint NOT NULL,                -- of the member's books: what has at most this one is sealed
    digest    bytea  NOT NULL,
    PRIMARY KEY (member_id, seal_no)
);

CREATE TABLE ledger_seal_run (
    seal_no   bigint      PRIMARY KEY CHECK (seal_no > 0),
    sealed_at timestamptz NOT NULL DEFAULT now(),
    members   bigint      NOT NULL,           -- sealed by this run
    shards    bytea[]     NOT NULL            -- digests over the last seals of all members, by member_id modulo 64
);

CREATE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_seal_run_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal_run
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- What is sealed of each change of a member's books: all that is never changed, as text.
CREATE VIEW ledger_sealed AS
SELECT t.member_id, coalesce(t.version, 0) AS version, t.transfer_id AS within,
       jsonb_build_array('transfer', t.version, t.transfer_id, t.key, t.kind, t.wallet, extract(epoch FROM t.happened_at),
           t.happened_on, t.sale_id, t.note, t.made_by, t.expires_on, t.usable_from, t.awaits,
           (SELECT jsonb_agg(jsonb_build_array(e.entry_no, e.account, e.wallet, e.points, e.lot_id) ORDER BY e.entry_no)
              FROM ledger_entry e
             WHERE e.member_id = t.member_id AND e.transfer_id = t.transfer_id))::text AS content
  FROM ledger_transfer t
 UNION ALL
SELECT r.member_id, r.version, r.lot_id,
       jsonb_build_array('redated', r.version, r.lot_id, r.expires_before, r.usable_before, r.awaited_before,
           r.expires_on, r.usable_from, r.awaits, r.event_id, r.happened_on, r.reason)::text
  FROM ledger_lot_redated r;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON ledger_seal, ledger_seal_run TO cagnotte_app;
        GRANT SELECT ON ledger_sealed TO cagnotte_app;
    END IF;
END $$;
