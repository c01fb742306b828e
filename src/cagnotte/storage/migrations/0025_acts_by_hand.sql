-- Acts by hand that are limited and wait for a second person, staff who are members themselves, members who are closed.
-- No row of the books is touched. Nothing here but a person's link to a member is ever updated or deleted.

ALTER TABLE member ADD COLUMN closed_on date;     -- local day from whose 00:00 on the member is closed; null: open

-- Why a member was closed or opened again, oldest first by change_id.
CREATE TABLE member_closing (
    member_id bigint      NOT NULL,
    change_id bigint      NOT NULL,
    closed_on date,                               -- null: opened again
    reason    text        NOT NULL CHECK (reason <> ''),
    made_by   text        NOT NULL CHECK (made_by <> ''),
    done_at   timestamptz NOT NULL,
    PRIMARY KEY (member_id, change_id)
);

-- Which member a person of the staff is. `person`: as `person_of` in application/staff_people.py writes a name.
CREATE TABLE staff_member (
    person    text   PRIMARY KEY,
    member_id bigint NOT NULL
);

-- The person for whom a key speaks; null: a system that names its people itself.
ALTER TABLE api_key ADD COLUMN staff text;

-- Every act by hand that was done, on whose authority. `day`: of the programme's time zone, when it was posted.
CREATE TABLE gesture (
    member_id  bigint      NOT NULL,
    gesture_id bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('adjustment', 'extension', 'reinstatement')),
    wallet     text        NOT NULL,
    points     bigint      NOT NULL,              -- below 0: taken; of an extension: those that live longer
    reason     text        NOT NULL,
    person     text        NOT NULL,              -- who asked
    allowed_by text        NOT NULL,              -- whose ceiling it counts for: the same, or who approved it
    day        date        NOT NULL,
    done_at    timestamptz NOT NULL,
    request_id bigint,                            -- null: within the ceiling of who asked
    PRIMARY KEY (member_id, gesture_id)
);
CREATE INDEX gesture_of_day ON gesture (day, allowed_by, wallet);

-- Acts by hand above the ceiling of who asked. How one stands is what `points_request_end` says.
CREATE TABLE points_request (
    member_id  bigint      NOT NULL,
    request_id bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('adjustment', 'extension', 'reinstatement')),
    wallet     text        NOT NULL,
    points     bigint      NOT NULL,              -- as decided when it was asked; below 0: taken
    command    jsonb       NOT NULL,              -- what was asked, to be decided again
    reason     text        NOT NULL CHECK (reason <> ''),
    person     text        NOT NULL,
    asked_by   text        NOT NULL CHECK (asked_by <> ''),
    above      text        NOT NULL CHECK (above IN ('gesture', 'day')),   -- which ceiling
    most       bigint      NOT NULL,              -- that ceiling
    asked_at   timestamptz NOT NULL,
    open_until timestamptz NOT NULL,              -- first instant at which nobody can approve it any more
    PRIMARY KEY (member_id, request_id)
);
CREATE INDEX points_request_by_id ON points_request (request_id);

-- At most one end for each request.
CREATE TABLE points_request_end (
    member_id  bigint      NOT NULL,
    request_id bigint      NOT NULL,
    how        text        NOT NULL CHECK (how IN ('approved', 'refused', 'withdrawn', 'timed_out', 'not_possible')),
    ended_by   text        NOT NULL DEFAULT '',   -- "": the clock
    reason     text        NOT NULL DEFAULT '',
    ended_at   timestamptz NOT NULL,
    PRIMARY KEY (member_id, request_id)
);

CREATE TRIGGER member_closing_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON member_closing
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER gesture_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON gesture
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER points_request_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_request
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER points_request_end_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_request_end
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON member_closing, gesture, points_request, points_request_end TO cagnotte_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON staff_member TO cagnotte_app;
    END IF;
END $$;
