-- The accounts: what was allocated to each lot, where the points stood when a month was closed, and its entries.
-- Written by the closing of a month, never changed afterwards; nothing of the ledger is touched.

CREATE TABLE accounting_period (
    month        date        PRIMARY KEY CHECK (extract(day FROM month) = 1),
    closed_at    timestamptz NOT NULL,
    closed_by    text        NOT NULL,
    currency     text        NOT NULL,
    version      integer     NOT NULL,        -- of the programme, whose terms held
    fiscal_year  date        NOT NULL,        -- first day of the company's year that the month is in
    lots         bigint      NOT NULL,        -- valued by this closing
    entries      bigint      NOT NULL,
    first_entry  bigint      NOT NULL,        -- the numbers of its entries, without a gap from month to month;
    last_entry   bigint      NOT NULL,        -- one less than the first when there is none
    known_at     timestamptz NOT NULL,        -- on the ledger's clock: what was posted until then is in it
    CHECK (last_entry - first_entry + 1 = entries)
);

-- What of the price of its sale was allocated to a lot (IFRS 15, B39-B43), or what the lot will cost.
CREATE TABLE accounting_lot (
    member_id    bigint  NOT NULL,
    lot_id       bigint  NOT NULL,
    month        date    NOT NULL,            -- whose closing took it into account
    wallet       text    NOT NULL,
    store_id     bigint,                      -- where portfolios are by store; null: not, or no store
    kind         text    NOT NULL CHECK (kind IN ('deferred', 'provision')),
    nature       text    NOT NULL,
    given_on     date    NOT NULL,            -- local day
    points       bigint  NOT NULL CHECK (points > 0),
    amount_minor bigint  NOT NULL CHECK (amount_minor >= 0),
    paid_minor   bigint,                      -- the price without tax that was allocated; null: none was
    value_minor  bigint  NOT NULL,            -- stand-alone price of the points
    breakage     integer NOT NULL,            -- basis points, as they were expected when the lot was valued
    PRIMARY KEY (member_id, lot_id)
);

-- Where what was given in one month stood at the end of each month.
CREATE TABLE accounting_portfolio (
    month        date    NOT NULL,            -- that was closed
    wallet       text    NOT NULL,
    kind         text    NOT NULL,
    given_in     date    NOT NULL,            -- month
    store_id     bigint  NOT NULL,            -- 0: all
    points       bigint  NOT NULL,            -- given, less taken back
    amount_minor bigint  NOT NULL,            -- allocated to them
    used         bigint  NOT NULL,
    expired      bigint  NOT NULL,
    taken_points bigint  NOT NULL,            -- what was taken back, ever
    taken_minor  bigint  NOT NULL,
    sent_points  bigint  NOT NULL,            -- what went to other members and wallets, ever
    sent_minor   bigint  NOT NULL,
    breakage     integer NOT NULL,
    balance_minor bigint NOT NULL,
    PRIMARY KEY (month, wallet, kind, given_in, store_id)
);

CREATE TABLE accounting_entry (
    entry_no     bigint  NOT NULL,
    line_no      smallint NOT NULL,
    month        date    NOT NULL,
    day          date    NOT NULL,
    wallet       text    NOT NULL,
    store_id     bigint  NOT NULL,            -- 0: all
    kind         text    NOT NULL,
    nature       text    NOT NULL,
    late         boolean NOT NULL,            -- happened before the month, and no earlier closing knew it
    role         text    NOT NULL,
    account      bigint  NOT NULL,            -- as the chart of accounts was at the closing
    account_name jsonb   NOT NULL,            -- language -> what it is called
    debit_minor  bigint  NOT NULL CHECK (debit_minor >= 0),
    credit_minor bigint  NOT NULL CHECK (credit_minor >= 0),
    PRIMARY KEY (entry_no, line_no),
    CHECK ((debit_minor = 0) <> (credit_minor = 0))
);
CREATE INDEX accounting_entry_of_month ON accounting_entry (month);

-- All lines of an entry come in one statement, and its debit is its credit.
CREATE FUNCTION accounting_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT entry_no, sum(debit_minor) AS debit, sum(credit_minor) AS credit INTO wrong
      FROM added GROUP BY entry_no HAVING sum(debit_minor) <> sum(credit_minor) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % has a debit of % and a credit of %', wrong.entry_no, wrong.debit, wrong.credit
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER accounting_entries_balance AFTER INSERT ON accounting_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION accounting_entries_balance();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['accounting_period', 'accounting_lot', 'accounting_portfolio', 'accounting_entry'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()', name || '_append_only', name);
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
            EXECUTE format('GRANT SELECT, INSERT ON %I TO cagnotte_app', name);
        END IF;
    END LOOP;
END $$;
