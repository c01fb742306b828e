-- The life of a programme version: drafts and their texts, who did what, and how a version ends.
-- Nothing here is ever updated or deleted: the state of a draft is what its acts say.

CREATE TABLE programme_draft_text (
    draft    text        NOT NULL CHECK (draft ~ '^[a-z][a-z0-9_-]{0,62}$'),
    revision integer     NOT NULL CHECK (revision > 0),
    document text        NOT NULL,           -- the TOML text as saved, faults and all
    sha256   text        NOT NULL,
    author   text        NOT NULL CHECK (author <> ''),
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (draft, revision)
);

CREATE TABLE programme_act (
    act_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act       text        NOT NULL CHECK (act IN ('saved', 'review_asked', 'sent_back', 'approved', 'published',
                                                  'published_directly', 'discarded', 'withdrawn', 'retired')),
    draft     text,                           -- null: the act was on a published version
    revision  integer,                        -- of the draft's text that the act was about
    version   integer,                        -- published by the act, or ended by it
    takes_effect timestamptz,                 -- from when a version rules, or no longer does
    by_name   text        NOT NULL CHECK (by_name <> ''),
    channel   text        NOT NULL,           -- the door it came through: backoffice, terminal
    done_at   timestamptz NOT NULL,
    comment   text        NOT NULL DEFAULT '',
    CHECK (draft IS NOT NULL OR version IS NOT NULL)
);
CREATE INDEX programme_act_of_draft ON programme_act (draft, act_id);

-- At most one end for each version. At or before its beginning: withdrawn, it never ruled.
CREATE TABLE programme_version_end (
    programme text        NOT NULL,
    version   integer     NOT NULL,
    ends_at   timestamptz NOT NULL,           -- first instant that the version no longer judges
    PRIMARY KEY (programme, version)
);

ALTER TABLE programme_version
    ADD COLUMN author   text,                 -- null: published directly by the operator
    ADD COLUMN approver text,
    ADD COLUMN draft    text,
    ADD COLUMN revision integer,
    ADD CONSTRAINT programme_version_two_people CHECK (approver IS NULL OR approver <> author),
    -- A withdrawn version leaves its beginning free for another one.
    DROP CONSTRAINT programme_version_programme_effective_from_key;

CREATE TRIGGER programme_draft_text_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme_draft_text
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER programme_act_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme_act
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER programme_version_end_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme_version_end
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON programme_draft_text, programme_act, programme_version_end TO cagnotte_app;
    END IF;
END $$;
