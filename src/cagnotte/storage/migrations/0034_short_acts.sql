-- An act is short: one pass over each table, and no plan is made anew. Takes the place of `post_act` of 0024.

-- A CHECK is read from its stored form once per statement, so that thirteen of them took an eighth of a posting: a call of
-- a function has a short one. What is refused is what was refused before.
CREATE FUNCTION is_ledger_lot(points bigint, points_open bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN points > 0 AND points_open BETWEEN 0 AND points;
END $$;
CREATE FUNCTION is_ledger_balance(points bigint, version bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN points >= 0 AND version > 0;
END $$;
CREATE FUNCTION is_sale(line_count integer, points_earned bigint, currency text, own_minor bigint)
    RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN line_count >= 0 AND points_earned >= 0 AND (currency IS NULL) = (own_minor IS NULL);
END $$;
ALTER TABLE ledger_lot
    DROP CONSTRAINT ledger_lot_points_check,
    DROP CONSTRAINT ledger_lot_check,
    ADD CONSTRAINT ledger_lot_check CHECK (is_ledger_lot(points, points_open)) NOT VALID;
ALTER TABLE ledger_balance
    DROP CONSTRAINT ledger_balance_points_check,
    DROP CONSTRAINT ledger_balance_version_check,
    ADD CONSTRAINT ledger_balance_check CHECK (is_ledger_balance(points, version)) NOT VALID;
ALTER TABLE sale
    DROP CONSTRAINT sale_line_count_check,
    DROP CONSTRAINT sale_points_earned_check,
    DROP CONSTRAINT sale_own_currency,
    ADD CONSTRAINT sale_check CHECK (is_sale(line_count, points_earned, currency, own_minor)) NOT VALID;

-- Entries are only ever added, and each statement that adds some is looked at as a whole (INV-01): their own sense too.
CREATE OR REPLACE FUNCTION ledger_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT member_id, transfer_id, wallet, sum(points) AS points INTO wrong
      FROM added
     GROUP BY member_id, transfer_id, wallet
    HAVING sum(points) <> 0
        OR NOT bool_and(entry_no > 0 AND points <> 0 AND (account = 'available') = (lot_id IS NOT NULL)
                        AND is_ledger_account(account))
     LIMIT 1;
    IF FOUND AND wrong.points <> 0 THEN
        RAISE EXCEPTION 'entries of transfer % of member % in wallet % sum to %, not to 0',
            wrong.transfer_id, wrong.member_id, wrong.wallet, wrong.points
            USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'an entry of transfer % of member % in wallet % has no number, no points, an unknown account, or '
            'a lot where the account has none', wrong.transfer_id, wrong.member_id, wrong.wallet
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_entry_no_check,
    DROP CONSTRAINT ledger_entry_points_check,
    DROP CONSTRAINT ledger_entry_check,
    DROP CONSTRAINT ledger_entry_account_check;

-- A key is unique once per member (INV-08) by its hash of 64 bits, which is half as wide in the index. That two keys of one
-- member have the same hash is not to be expected in the life of any programme; the second would be refused.
ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_member_id_key_key;
CREATE UNIQUE INDEX ledger_transfer_member_id_key_key ON ledger_transfer (member_id, hashtextextended(key, 0));

DROP FUNCTION post_act;
DROP TYPE posted_sale_line, posted_sale_decision, posted_sale;
CREATE TYPE posted_sale AS (
    member_id bigint, sale_id bigint, external_id text, store_id bigint, happened_at timestamptz,
    happened_local timestamp, channel text, paid_minor bigint, line_count integer, points_earned bigint,
    content_hash bytea, details jsonb, currency text, own_minor bigint, product_ids bigint[],
    quantities integer[], line_paid bigint[], lines_more jsonb, programme text, version integer, decided bytea);

-- locks: advisory locks of the keys, taken after those of the sales (null: the caller has them, and has looked);
-- keys: of the answers, which count for days_kept; sale_ids: the callers' ids; the other arrays are rows, null where there are none.
--   -> 'posted'; 'known' when a key was answered or a sale recorded before; 'facts_changed' when a member's revision is
--   another than the one that the facts were read at, or the member is not there. Both write nothing.
CREATE FUNCTION post_act(
    locks bigint[], keys text[], days_kept integer, sale_ids text[], standings posted_standing[], sales posted_sale[],
    transfers posted_ledger_transfer[], entries posted_ledger_entry[], lots posted_ledger_lot[],
    redated posted_ledger_lot_redated[], changed_lots posted_lot_changed[], balances posted_ledger_balance[],
    vouchers posted_voucher[], tier_changes posted_tier_change[], new_days posted_day[], changed_days posted_day[],
    answers posted_answer[]
) RETURNS text LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan  -- a plan made anew for given values took a fifth of a posting
    SET enable_seqscan = off  -- a plan made while a table was as good as empty would read it whole until it is analysed
AS $$
DECLARE
    lock bigint;
    sale_id text;
    fresh boolean;                            -- of answers to these keys: null, there are none
    standing posted_standing;
    balance posted_ledger_balance;
    changed_day posted_day;
    changed_lot posted_lot_changed;
BEGIN
    IF locks IS NOT NULL THEN
        FOREACH sale_id IN ARRAY sale_ids LOOP
            PERFORM pg_advisory_xact_lock(hashtextextended('sale:' || sale_id, 0));
        END LOOP;
        FOREACH lock IN ARRAY locks LOOP
            PERFORM pg_advisory_xact_lock(lock);
        END LOOP;
        SELECT bool_or(created_at > now() - make_interval(days => days_kept)) INTO fresh
          FROM idempotency_answer
         WHERE key = ANY (keys);
        IF fresh OR cardinality(sale_ids) > 0 AND EXISTS (SELECT FROM sale WHERE external_id = ANY (sale_ids)) THEN
            RETURN 'known';
        END IF;
    END IF;
    IF cardinality(standings) > 1 THEN  -- locked in this order: two acts on the same members cannot deadlock
        PERFORM FROM member_standing
          WHERE member_id IN (SELECT given.member_id FROM unnest(standings) AS given)
          ORDER BY member_id
            FOR UPDATE;
        IF EXISTS (SELECT FROM unnest(standings) AS given
                     LEFT JOIN member_standing AS own ON own.member_id = given.member_id
                    WHERE own.revision IS DISTINCT FROM given.revision) THEN
            RETURN 'facts_changed';
        END IF;
    END IF;
    FOREACH standing IN ARRAY coalesce(standings, '{}') LOOP
        UPDATE member_standing
           SET as_of = standing.as_of, tier = standing.tier, tier_since = standing.tier_since,
               next_due_on = standing.next_due_on, state = standing.state, version = standing.version,
               revision = standing.revision + 1, only_lots_until = standing.only_lots_until,
               only_lots_version = standing.only_lots_version
         WHERE member_id = standing.member_id AND revision = standing.revision;
        IF NOT FOUND THEN
            RETURN 'facts_changed';  -- the only one: of several, all were locked and are as they were read
        END IF;
    END LOOP;
    IF sales IS NOT NULL THEN
        INSERT INTO sale (
            member_id, sale_id, external_id, store_id, happened_at, happened_local, channel,
            paid_minor, line_count, points_earned, content_hash, details, currency, own_minor, product_ids,
            quantities, line_paid, lines_more, programme, version, decided)
        SELECT * FROM unnest(sales);
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
    FOREACH changed_lot IN ARRAY coalesce(changed_lots, '{}') LOOP
        UPDATE ledger_lot
           SET points_open = changed_lot.points_open, expires_on = changed_lot.expires_on,
               usable_from = changed_lot.usable_from, awaits = changed_lot.awaits
         WHERE member_id = changed_lot.member_id AND lot_id = changed_lot.lot_id;
    END LOOP;
    FOREACH balance IN ARRAY coalesce(balances, '{}') LOOP
        UPDATE ledger_balance SET points = balance.points, version = balance.version
         WHERE member_id = balance.member_id AND wallet = balance.wallet;
        IF NOT FOUND THEN  -- nobody else adds it: who writes to a member has the standing
            INSERT INTO ledger_balance (member_id, wallet, points, version)
            VALUES (balance.member_id, balance.wallet, balance.points, balance.version);
        END IF;
    END LOOP;
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
    FOREACH changed_day IN ARRAY coalesce(changed_days, '{}') LOOP
        UPDATE member_day
           SET paid_minor = changed_day.paid_minor, visits = changed_day.visits, earned = changed_day.earned,
               measured = changed_day.measured
         WHERE member_id = changed_day.member_id AND day = changed_day.day;
    END LOOP;
    IF answers IS NOT NULL THEN
        IF NOT fresh THEN  -- an answer too old to count gives its place to the new one
            DELETE FROM idempotency_answer WHERE key = ANY (keys);
        END IF;
        INSERT INTO idempotency_answer (member_id, key, request_hash, status, body)
        SELECT * FROM unnest(answers);
    END IF;
    RETURN 'posted';
END $$;
