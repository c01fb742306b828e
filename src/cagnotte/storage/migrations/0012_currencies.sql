-- Sales in other currencies than the programme's. `sale.paid_minor` is in the programme's currency for every sale, so that
-- sums over sales mean something; the lines of a sale are in its own.

ALTER TABLE sale
    ADD COLUMN currency  text,               -- of its lines; null: the programme's
    ADD COLUMN own_minor bigint,             -- sum of the lines in that currency; null: as paid_minor
    ADD CONSTRAINT sale_own_currency CHECK ((currency IS NULL) = (own_minor IS NULL)) NOT VALID;
