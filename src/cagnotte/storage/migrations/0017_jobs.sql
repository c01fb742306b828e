-- What the clocked side of the books needs: who can be brought forward in sets, and what each job's runs gave.
-- No entry is touched. Members of before have no day here: the evaluator looks at them once, as it did, and says it.

ALTER TABLE member_standing
    ADD COLUMN only_lots_until   date,       -- before this day nothing is due but the end of lots; null: not known
    ADD COLUMN only_lots_version integer;    -- the version of the programme that says so

CREATE INDEX member_standing_due_first ON member_standing (next_due_on, member_id) WHERE next_due_on IS NOT NULL;
DROP INDEX member_standing_due;

CREATE TABLE job_run (
    job        text        NOT NULL,         -- see `Job` in application/jobs.py
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    outcome    text        NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    faults     bigint      NOT NULL DEFAULT 0,
    result     jsonb       NOT NULL DEFAULT '{}',
    PRIMARY KEY (job, started_at)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT, DELETE ON job_run TO cagnotte_app;
    END IF;
END $$;
