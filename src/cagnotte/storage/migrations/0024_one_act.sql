-- A whole act in one round trip: all that was decided is written, or nothing is and the caller is told why.

-- Of all that is known of a member, and not of the books alone: higher with each act that wrote anything.
ALTER TABLE member_standing ADD COLUMN revision bigint NOT NULL DEFAULT 0;

-- Rows that change in place find room on their own page.
ALTER TABLE member_standing SET (fillfactor = 70);
ALTER TABLE ledger_balance SET (fillfactor = 70);
ALTER TABLE ledger_lot SET (fillfactor = 80);
ALTER TABLE member_day SET (fillfactor = 80);

-- The words of the books. A CHECK with the list itself is read from its stored form once per statement, which took a
-- quarter of the time of a posting (decision 0018); a function's name is short. New words: replace the function.
CREATE FUNCTION is_ledger_kind(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN kind = ANY ('{earn,given,given_back,conversion,burn,payment,expiry,idle,clawback,adjustment,debt,owed,opening,'
        'bought,hold,confirmed,freed,sent,received,exchange,exchanged,reinstated,pooled,from_pool,'
        'correction}'::text[]);
END $$;
CREATE FUNCTION is_ledger_account(account text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN account = ANY ('{available,issued,redeemed,expired,adjusted,debt,held,migrated,transferred,exchanged}'::text[]);
END $$;
ALTER TABLE ledger_transfer
    DROP CONSTRAINT ledger_transfer_kind_check,
    ADD CONSTRAINT ledger_transfer_kind_check CHECK (is_ledger_kind(kind)) NOT VALID;
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_account_check,
    ADD CONSTRAINT ledger_entry_account_check CHECK (is_ledger_account(account)) NOT VALID;

-- The rows that an act writes, as `COLUMNS` in ledger/one_act.py.
CREATE TYPE posted_sale AS (
    member_id bigint, sale_id bigint, external_id text, store_id bigint, happened_at timestamptz,
    happened_local timestamp, channel text, paid_minor bigint, line_count integer, points_earned bigint,
    content_hash bytea, details jsonb, currency text, own_minor bigint);
CREATE TYPE posted_sale_line AS (
    member_id bigint, sale_id bigint, line_no integer, product_id bigint, quantity integer, paid_minor bigint,
    list_minor bigint, tax_minor bigint, cost_minor bigint, attributes jsonb);
CREATE TYPE posted_sale_decision AS (
    member_id bigint, sale_id bigint, programme text, version integer, facts jsonb, decision jsonb);
CREATE TYPE posted_ledger_transfer AS (
    member_id bigint, transfer_id bigint, key text, kind text, wallet text, happened_at timestamptz,
    happened_on date, sale_id bigint, version bigint, note text, made_by text, expires_on date,
    usable_from date, awaits text);
CREATE TYPE posted_ledger_entry AS (
    member_id bigint, transfer_id bigint, entry_no smallint, account text, wallet text, points bigint,
    lot_id bigint, happened_at timestamptz);
CREATE TYPE posted_ledger_lot AS (
    member_id bigint, lot_id bigint, wallet text, points bigint, points_open bigint, earned_on date,
    expires_on date, usable_from date, awaits text);
CREATE TYPE posted_ledger_lot_redated AS (
    member_id bigint, lot_id bigint, version bigint, expires_before date, usable_before date,
    awaited_before text, expires_on date, usable_from date, awaits text, event_id bigint, happened_on date,
    reason text);
CREATE TYPE posted_lot_changed AS (
    member_id bigint, lot_id bigint, points_open bigint, expires_on date, usable_from date, awaits text);
CREATE TYPE posted_ledger_balance AS (
    member_id bigint, wallet text, points bigint, version bigint);
CREATE TYPE posted_voucher AS (
    member_id bigint, voucher_id bigint, transfer_id bigint, conversion text, amount_minor bigint,
    currency text, issued_on date, issued_at timestamptz, expires_on date);
CREATE TYPE posted_tier_change AS (
    member_id bigint, change_id bigint, happened_on date, happened_at timestamptz, tier_before text,
    tier_after text, family text, cause text);
CREATE TYPE posted_day AS (
    member_id bigint, day date, paid_minor bigint, visits integer, earned jsonb, measured jsonb);
CREATE TYPE posted_standing AS (
    member_id bigint, revision bigint, as_of date, tier text, tier_since date, next_due_on date, state jsonb,
    version bigint, only_lots_until date, only_lots_version integer);
CREATE TYPE posted_answer AS (
    member_id bigint, key text, request_hash bytea, status smallint, body bytea);

-- locks: advisory locks of the keys, taken after those of the sales (null: the caller has them, and has looked);
-- keys: of the answers, which count for days_kept; sale_ids: the callers' ids; the other arrays are rows, null where there are none.
--   -> 'posted'; 'known' when a key was answered or a sale recorded before; 'facts_changed' when a member's revision is
--   another than the one that the facts were read at, or the member is not there. Both write nothing.
CREATE FUNCTION post_act(
    locks bigint[], keys text[], days_kept integer, sale_ids text[], standings posted_standing[], sales posted_sale[],
    lines posted_sale_line[], decisions posted_sale_decision[], transfers posted_ledger_transfer[],
    entries posted_ledger_entry[], lots posted_ledger_lot[], redated posted_ledger_lot_redated[],
    changed_lots posted_lot_changed[], balances posted_ledger_balance[], vouchers posted_voucher[],
    tier_changes posted_tier_change[], new_days posted_day[], changed_days posted_day[], answers posted_answer[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    lock bigint;
    sale_id text;
    expected bigint;
    found_at bigint;
    members integer := 0;
BEGIN
    IF locks IS NOT NULL THEN
        FOREACH sale_id IN ARRAY sale_ids LOOP
            PERFORM pg_advisory_xact_lock(hashtextextended('sale:' || sale_id, 0));
        END LOOP;
        FOREACH lock IN ARRAY locks LOOP
            PERFORM pg_advisory_xact_lock(lock);
        END LOOP;
        IF EXISTS (SELECT FROM idempotency_answer
                    WHERE key = ANY (keys) AND created_at > now() - make_interval(days => days_kept))
           OR EXISTS (SELECT FROM sale WHERE external_id = ANY (sale_ids)) THEN
            RETURN 'known';
        END IF;
    END IF;
    FOR expected, found_at IN  -- always in this order: two acts on the same members cannot deadlock
        SELECT given.revision, own.revision
          FROM unnest(standings) AS given
          JOIN member_standing AS own ON own.member_id = given.member_id
         ORDER BY own.member_id
           FOR UPDATE OF own
    LOOP
        IF found_at <> expected THEN
            RETURN 'facts_changed';
        END IF;
        members := members + 1;
    END LOOP;
    IF members <> coalesce(cardinality(standings), 0) THEN
        RETURN 'facts_changed';
    END IF;
    IF sales IS NOT NULL THEN
        INSERT INTO sale (
            member_id, sale_id, external_id, store_id, happened_at, happened_local, channel,
            paid_minor, line_count, points_earned, content_hash, details, currency, own_minor)
        SELECT * FROM unnest(sales);
    END IF;
    IF lines IS NOT NULL THEN
        INSERT INTO sale_line (
            member_id, sale_id, line_no, product_id, quantity, paid_minor, list_minor, tax_minor,
            cost_minor, attributes)
        SELECT * FROM unnest(lines);
    END IF;
    IF decisions IS NOT NULL THEN
        INSERT INTO sale_decision (
            member_id, sale_id, programme, version, facts, decision)
        SELECT * FROM unnest(decisions);
    END IF;
    IF transfers IS NOT NULL THEN
        INSERT INTO ledger_transfer (
            member_id, transfer_id, key, kind, wallet, happened_at, happened_on, sale_id, version,
            note, made_by, expires_on, usable_from, awaits)
        SELECT * FROM unnest(transfers);
    END IF;
    IF entries IS NOT NULL THEN
        INSERT INTO ledger_entry (
            member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
        SELECT * FROM unnest(entries);
    END IF;
    IF lots IS NOT NULL THEN
        INSERT INTO ledger_lot (
            member_id, lot_id, wallet, points, points_open, earned_on, expires_on, usable_from, awaits)
        SELECT * FROM unnest(lots);
    END IF;
    IF redated IS NOT NULL THEN
        INSERT INTO ledger_lot_redated (
            member_id, lot_id, version, expires_before, usable_before, awaited_before, expires_on,
            usable_from, awaits, event_id, happened_on, reason)
        SELECT * FROM unnest(redated);
    END IF;
    IF changed_lots IS NOT NULL THEN
        UPDATE ledger_lot
           SET points_open = now.points_open, expires_on = now.expires_on, usable_from = now.usable_from,
               awaits = now.awaits
          FROM unnest(changed_lots) AS now
         WHERE ledger_lot.member_id = now.member_id
           AND ledger_lot.lot_id = now.lot_id;
    END IF;
    IF balances IS NOT NULL THEN
        INSERT INTO ledger_balance (member_id, wallet, points, version)
        SELECT * FROM unnest(balances)
            ON CONFLICT (member_id, wallet) DO UPDATE SET points = excluded.points, version = excluded.version;
    END IF;
    IF vouchers IS NOT NULL THEN
        INSERT INTO voucher (
            member_id, voucher_id, transfer_id, conversion, amount_minor, currency, issued_on,
            issued_at, expires_on)
        SELECT * FROM unnest(vouchers);
    END IF;
    IF tier_changes IS NOT NULL THEN
        INSERT INTO tier_change (
            member_id, change_id, happened_on, happened_at, tier_before, tier_after, family, cause)
        SELECT * FROM unnest(tier_changes);
    END IF;
    IF new_days IS NOT NULL THEN
        INSERT INTO member_day (
            member_id, day, paid_minor, visits, earned, measured)
        SELECT * FROM unnest(new_days);
    END IF;
    IF changed_days IS NOT NULL THEN
        UPDATE member_day
           SET paid_minor = now.paid_minor, visits = now.visits, earned = now.earned, measured = now.measured
          FROM unnest(changed_days) AS now
         WHERE member_day.member_id = now.member_id
           AND member_day.day = now.day;
    END IF;
    UPDATE member_standing
       SET as_of = now.as_of, tier = now.tier, tier_since = now.tier_since, next_due_on = now.next_due_on,
           state = now.state, version = now.version, revision = now.revision + 1,
           only_lots_until = now.only_lots_until, only_lots_version = now.only_lots_version
      FROM unnest(standings) AS now
     WHERE member_standing.member_id = now.member_id;
    IF answers IS NOT NULL THEN
        -- An answer too old to count gives its place to the new one.
        INSERT INTO idempotency_answer AS kept (member_id, key, request_hash, status, body)
        SELECT * FROM unnest(answers)
            ON CONFLICT (member_id, key) DO UPDATE
               SET request_hash = excluded.request_hash, status = excluded.status, body = excluded.body,
                   created_at = excluded.created_at;
    END IF;
    RETURN 'posted';
END $$;
