-- Households whose members' tiers count what all of them do. Their measures by day stand in shared_tally: subject
-- "household:CODE", cap "measure:CODE", window_no the day. No row is changed: nothing was measured so before.

-- Households in which somebody did what tiers count: the daily run looks at all their members.
CREATE TABLE household_due (
    household text   PRIMARY KEY,
    due_on    date   NOT NULL,               -- first local day on which the members can be looked at
    changes   bigint NOT NULL DEFAULT 1      -- how often it was marked: a run forgets only what it has seen
);
CREATE INDEX household_due_on ON household_due (due_on);

CREATE INDEX member_household ON member (household) WHERE household <> '';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON household_due TO cagnotte_app;
    END IF;
END $$;
