-- Points that a partner pays for: a transfer beside the one that gave them, from `funded` to `partner`, whose note is the
-- partner's code. Below 0 where they were taken back.
CREATE OR REPLACE FUNCTION is_ledger_kind(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN kind = ANY ('{earn,given,given_back,conversion,burn,payment,expiry,idle,clawback,adjustment,debt,owed,opening,'
        'bought,hold,confirmed,freed,sent,received,exchange,exchanged,reinstated,pooled,from_pool,'
        'correction,funded}'::text[]);
END $$;
CREATE OR REPLACE FUNCTION is_ledger_account(account text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN account = ANY ('{available,issued,redeemed,expired,adjusted,debt,held,migrated,transferred,exchanged,'
        'partner,funded}'::text[]);
END $$;

-- A partner's statement reads its own transfers of a month and nothing else.
CREATE INDEX ledger_transfer_funded ON ledger_transfer (note, posted_at) WHERE kind = 'funded';
