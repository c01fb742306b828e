-- What the yardstick's expiry works on: accounts, and lots of which six in ten are over. members, lots: whole numbers.
CREATE TABLE jacc AS SELECT id::bigint, 1000::bigint AS balance, 0::bigint AS lifetime, 0::bigint AS version
                       FROM generate_series(1, {members}) AS id;
ALTER TABLE jacc ADD PRIMARY KEY (id);
CREATE TABLE jlot(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL, points bigint, remaining bigint, earned_at timestamptz, expires_at timestamptz) WITH (fillfactor=80);
INSERT INTO jlot(account_id,points,remaining,earned_at,expires_at) SELECT 1+(g::bigint*7919)%{members}, 100, 100, now()-interval '1 year', now() + ((g%10) - 5) * interval '1 day' FROM generate_series(1,{lots}) g;
CREATE INDEX ON jlot(expires_at) WHERE remaining>0; CREATE INDEX ON jlot(account_id, expires_at) WHERE remaining>0;
CREATE TABLE jentry(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL, contra smallint, kind smallint, points bigint, lot_id bigint, created_at timestamptz DEFAULT now()); CREATE INDEX ON jentry(account_id,id);
