-- Everything that a programme counts of a member: days, tiers of several families, caps, badges, membership, debts.
-- Checked on the year of the demonstration (155,848 sales) as the version before had filled it: no entry is touched,
-- the totals and `ledger prove` are as before, and the day totals equal the sales and entries that they are filled from.

ALTER TABLE member_standing
    ADD COLUMN state jsonb;                  -- see `State` in storage/standings.py; null: nothing was ever decided

-- What rules may ask of a member besides points and purchases.
ALTER TABLE member
    ADD COLUMN born_on         date,
    ADD COLUMN language        text    NOT NULL DEFAULT '',
    ADD COLUMN country         text    NOT NULL DEFAULT '',
    ADD COLUMN brand           text    NOT NULL DEFAULT '',
    ADD COLUMN household       text    NOT NULL DEFAULT '',
    ADD COLUMN segments        text[]  NOT NULL DEFAULT '{}',
    ADD COLUMN share_of_wallet integer NOT NULL DEFAULT 0,   -- basis points; 0: not known
    ADD COLUMN share_declared  boolean NOT NULL DEFAULT false,
    ADD COLUMN sponsor_id      bigint,
    ADD COLUMN attributes      jsonb   NOT NULL DEFAULT '{}';

-- What a member did, by local day: what tiers and measures count.
CREATE TABLE member_day (
    member_id  bigint  NOT NULL,
    day        date    NOT NULL,
    paid_minor bigint  NOT NULL,
    visits     integer NOT NULL,
    earned     jsonb,                        -- wallet -> points; null: none
    measured   jsonb,                        -- measure -> what the day adds to it; null: nothing
    PRIMARY KEY (member_id, day)
);

-- What caps of a household, a store or the programme have counted. The row of window 0 is also the lock of its cap.
CREATE TABLE shared_tally (
    subject   text   NOT NULL,               -- "household:CODE", "store:CODE" or "programme"
    cap       text   NOT NULL,
    window_no bigint NOT NULL,               -- see `Tally` in domain/earning/tallies.py
    value     bigint NOT NULL,
    PRIMARY KEY (subject, cap, window_no)
);

-- Points that cannot be used yet.
ALTER TABLE ledger_lot
    ADD COLUMN usable_from date,             -- first day they can be burned; null: from the start
    ADD COLUMN awaits      text NOT NULL DEFAULT '';   -- the event that makes them usable; "": none

-- The kinds of movements, and the programme's side of each (proof_transfers_have_entries.sql says which).
ALTER TABLE ledger_transfer
    DROP CONSTRAINT ledger_transfer_kind_check,
    ADD CONSTRAINT ledger_transfer_kind_check CHECK (kind IN (
        'earn', 'given', 'given_back', 'conversion', 'burn', 'payment', 'expiry', 'idle', 'clawback',
        'adjustment', 'debt', 'owed')) NOT VALID;
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_account_check,
    ADD CONSTRAINT ledger_entry_account_check CHECK (account IN (
        'available', 'issued', 'redeemed', 'expired', 'adjusted', 'debt')) NOT VALID;

-- Tiers of several families: a change is one of its event, which may make several.
ALTER TABLE tier_change
    ADD COLUMN family text NOT NULL DEFAULT 'main',
    ADD COLUMN cause  text NOT NULL DEFAULT '';    -- see `TierCause`; "": before causes were kept

-- What else a till says of a sale, so that it can be decided again years later.
ALTER TABLE sale
    ADD COLUMN details jsonb;                -- see `SaleDetails` in application/sale_content.py; null: nothing
ALTER TABLE sale_line
    ADD COLUMN list_minor bigint,            -- before any reduction; null: as paid
    ADD COLUMN tax_minor  bigint,            -- within what was paid; null: 0
    ADD COLUMN cost_minor bigint,            -- null: not known
    ADD COLUMN attributes jsonb;

INSERT INTO member_day (member_id, day, paid_minor, visits, earned)
SELECT sold.member_id, sold.day, sold.paid, sold.visits, gained.earned
  FROM (SELECT member_id, happened_local::date AS day, sum(paid_minor)::bigint AS paid,
               count(*) FILTER (WHERE paid_minor > 0) AS visits
          FROM sale
         WHERE member_id > 0
         GROUP BY 1, 2) AS sold
  LEFT JOIN (SELECT member_id, day, jsonb_object_agg(wallet, points) AS earned
               FROM (SELECT t.member_id, t.happened_on AS day, t.wallet, -sum(e.points)::bigint AS points
                       FROM ledger_transfer t
                       JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id
                                          AND e.account = 'issued'
                      WHERE t.kind = 'earn'
                      GROUP BY 1, 2, 3) AS by_wallet
              GROUP BY 1, 2) AS gained USING (member_id, day);

UPDATE member_standing
   SET state = jsonb_strip_nulls(jsonb_build_object(
           'held', CASE WHEN member_standing.tier IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
                       'family', 'main', 'tier', member_standing.tier,
                       'since', coalesce(member_standing.tier_since, member_standing.as_of))) END,
           'purchases', nullif(lived.purchases, 0), 'last_active', lived.last_active))
  FROM member_standing AS own
  LEFT JOIN (SELECT member_id, sum(visits) AS purchases, max(day) FILTER (WHERE paid_minor >= 0) AS last_active
               FROM member_day GROUP BY member_id) AS lived USING (member_id)
 WHERE own.member_id = member_standing.member_id
   AND (lived.member_id IS NOT NULL OR member_standing.tier IS NOT NULL);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON member_day TO cagnotte_app;
        GRANT SELECT, INSERT, UPDATE ON shared_tally TO cagnotte_app;
        GRANT UPDATE (expires_on, usable_from, awaits) ON ledger_lot TO cagnotte_app;
    END IF;
END $$;
