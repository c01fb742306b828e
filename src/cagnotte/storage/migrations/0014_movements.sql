-- Points that are set aside, sent, exchanged, bought, migrated or given again; and days of lots that change.
-- No entry is touched: the two checks take more words than before.

ALTER TABLE ledger_transfer
    DROP CONSTRAINT ledger_transfer_kind_check,
    ADD CONSTRAINT ledger_transfer_kind_check CHECK (kind IN (
        'earn', 'given', 'given_back', 'conversion', 'burn', 'payment', 'expiry', 'idle', 'clawback',
        'adjustment', 'debt', 'owed', 'opening', 'bought', 'hold', 'confirmed', 'freed', 'sent', 'received',
        'exchange', 'exchanged', 'reinstated')) NOT VALID;
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_account_check,
    ADD CONSTRAINT ledger_entry_account_check CHECK (account IN (
        'available', 'issued', 'redeemed', 'expired', 'adjusted', 'debt', 'held', 'migrated', 'transferred',
        'exchanged')) NOT VALID;

-- Each transfer, and each change of lots' days, has the next number of its member's books (INV-09). Transfers from
-- before have none; the numbers go on from the highest that a balance has shown.
ALTER TABLE ledger_transfer
    ADD COLUMN version bigint,
    ADD COLUMN note    text,                  -- the reason of an act by hand, what points were spent on; null: none
    ADD COLUMN made_by text,                  -- who did it by hand; null: a rule or the calendar
    ADD COLUMN expires_on  date,              -- of a transfer that opened a lot: the days it was opened with, so that
    ADD COLUMN usable_from date,              -- lots can be rebuilt from what is never changed
    ADD COLUMN awaits      text;
ALTER TABLE member_standing ADD COLUMN version bigint NOT NULL DEFAULT 0;
UPDATE member_standing
   SET version = shown.version
  FROM (SELECT member_id, max(version) AS version FROM ledger_balance GROUP BY member_id) AS shown
 WHERE shown.member_id = member_standing.member_id;

-- Why and from what the days of a lot changed. A lot without a row has the days that it was opened with.
CREATE TABLE ledger_lot_redated (
    member_id       bigint NOT NULL,
    lot_id          bigint NOT NULL,
    version         bigint NOT NULL,          -- of the member's books: what has a lower one came before
    expires_before  date,
    usable_before   date,
    awaited_before  text   NOT NULL,
    expires_on      date,
    usable_from     date,
    awaits          text   NOT NULL,
    event_id        bigint NOT NULL,
    happened_on     date   NOT NULL,          -- local day of the event
    reason          text   NOT NULL DEFAULT '',
    posted_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (member_id, lot_id, version)
);
CREATE TRIGGER ledger_lot_redated_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lot_redated
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT ON ledger_lot_redated TO cagnotte_app;
    END IF;
END $$;
