-- The books. Transfers and entries are only ever added; lots and balances are derived and can be rebuilt.

CREATE TABLE ledger_transfer (
    member_id   bigint      NOT NULL,
    transfer_id bigint      NOT NULL,
    key         text        NOT NULL,         -- idempotency: what this transfer answers, once per member
    kind        text        NOT NULL CHECK (kind IN ('earn', 'conversion', 'expiry')),
    wallet      text        NOT NULL,
    happened_at timestamptz NOT NULL,         -- the till's time, or 00:00 local of an expiry day
    happened_on date        NOT NULL,         -- local day of happened_at
    posted_at   timestamptz NOT NULL DEFAULT now(),
    sale_id     bigint,                       -- the sale that caused it, if one did
    PRIMARY KEY (member_id, transfer_id),
    UNIQUE (member_id, key)
);

CREATE TABLE ledger_entry (
    member_id   bigint   NOT NULL,
    transfer_id bigint   NOT NULL,
    entry_no    smallint NOT NULL CHECK (entry_no > 0),
    account     text     NOT NULL CHECK (account IN ('available', 'issued', 'redeemed', 'expired')),
    wallet      text     NOT NULL,
    points      bigint   NOT NULL CHECK (points <> 0),
    lot_id      bigint,                       -- on the member's side: the lot that is given or drawn
    happened_at timestamptz NOT NULL,         -- as its transfer's
    PRIMARY KEY (member_id, transfer_id, entry_no),
    CHECK ((account = 'available') = (lot_id IS NOT NULL))
);
-- The programme's side by time: totals are summed from it, and the members' side is its negative.
CREATE INDEX ledger_entry_by_time ON ledger_entry (happened_at) INCLUDE (account, wallet, points)
    WHERE account <> 'available';

CREATE TABLE ledger_lot (
    member_id   bigint NOT NULL,
    lot_id      bigint NOT NULL,              -- the id of the transfer that gave it
    wallet      text   NOT NULL,
    points      bigint NOT NULL CHECK (points > 0),
    points_open bigint NOT NULL,
    earned_on   date   NOT NULL,
    expires_on  date,                         -- first day it cannot be burned; null: never
    PRIMARY KEY (member_id, lot_id),
    CHECK (points_open BETWEEN 0 AND points)
);
CREATE INDEX ledger_lot_open ON ledger_lot (member_id) WHERE points_open > 0;

CREATE TABLE ledger_balance (
    member_id bigint NOT NULL,
    wallet    text   NOT NULL,
    points    bigint NOT NULL CHECK (points >= 0),
    version   bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (member_id, wallet)
);

-- Conservation (INV-01): all entries of a transfer come in one statement, and sum to zero per wallet.
-- One check per statement on the rows it added, so that a set of many transfers costs one aggregate.
CREATE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT member_id, transfer_id, wallet, sum(points) AS points INTO wrong
      FROM added
     GROUP BY member_id, transfer_id, wallet
    HAVING sum(points) <> 0
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entries of transfer % of member % in wallet % sum to %, not to 0',
            wrong.transfer_id, wrong.member_id, wrong.wallet, wrong.points
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance();

-- Append-only (INV-02), for every role, the owner too.
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the books are append-only, correct with a new transfer', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER programme_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme_version
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE TABLE voucher (
    member_id   bigint NOT NULL,
    voucher_id  bigint NOT NULL,
    transfer_id bigint NOT NULL,              -- the burn that paid for it
    conversion  text   NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency    text   NOT NULL,
    issued_on   date   NOT NULL,
    issued_at   timestamptz NOT NULL,
    expires_on  date,                         -- first day it cannot be used; null: never
    PRIMARY KEY (member_id, voucher_id)
);
CREATE INDEX voucher_by_time ON voucher (issued_at);
