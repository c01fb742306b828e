-- The members, what points to them, and where each stands in the programme.

CREATE TABLE member (
    member_id   bigint PRIMARY KEY CHECK (member_id > 0),
    external_id text   NOT NULL,             -- as the retailer's systems call the member; shown, also an identifier
    enrolled_on date   NOT NULL,             -- local day of enrolled_at
    enrolled_at timestamptz NOT NULL,
    first_name  text   NOT NULL DEFAULT '',
    last_name   text   NOT NULL DEFAULT '',
    email       text   NOT NULL DEFAULT '',
    phone       text   NOT NULL DEFAULT '',
    home_store_id bigint,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX member_enrolled ON member (enrolled_on);

-- A look-up table, keyed by what is looked up.
CREATE TABLE member_identifier (
    kind      text   NOT NULL CHECK (kind IN ('external', 'card', 'email', 'phone')),
    value     text   NOT NULL CHECK (value <> ''),
    member_id bigint NOT NULL,
    PRIMARY KEY (kind, value)
);
CREATE INDEX member_identifier_of ON member_identifier (member_id);

-- One row per member, also the row that is locked while the member's books change.
CREATE TABLE member_standing (
    member_id   bigint PRIMARY KEY,
    as_of       date   NOT NULL,             -- last local day up to which expiry and tiers are done
    tier        text,
    tier_since  date,
    next_due_on date                         -- first day on which a lot expires or a tier may change
);
CREATE INDEX member_standing_due ON member_standing (next_due_on) WHERE next_due_on IS NOT NULL;

CREATE TABLE tier_change (
    member_id bigint NOT NULL,
    change_id bigint NOT NULL,               -- sorts in order of happening; equals the id of its event
    happened_on date NOT NULL,               -- local day, from 00:00 when no sale caused it
    happened_at timestamptz NOT NULL,
    tier_before text,
    tier_after  text,
    PRIMARY KEY (member_id, change_id)
);
CREATE INDEX tier_change_when ON tier_change (happened_at);
