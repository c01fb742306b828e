-- A draw from a lot stays on its page. PostgreSQL writes a changed row into every index of its table when a column
-- that an index names has changed, also one that only its WHERE names: points_open, which each draw changes. Whether
-- a lot is open changes once in its life (decision 0014). Adding the column writes the table anew.
ALTER TABLE ledger_lot ADD COLUMN is_open boolean NOT NULL GENERATED ALWAYS AS (points_open > 0) STORED;
ALTER TABLE ledger_lot SET (fillfactor = 80);
DROP INDEX ledger_lot_open;
CREATE INDEX ledger_lot_open ON ledger_lot (member_id) WHERE is_open;
