-- Points that the members of a household spend together, and since when each belongs to it. No entry is touched:
-- the check takes two words more than before; who belongs to a household already has belonged for as long as is known.

DO $$
DECLARE
    before text;
BEGIN
    SELECT pg_get_constraintdef(oid) INTO before
      FROM pg_constraint
     WHERE conname = 'ledger_transfer_kind_check' AND conrelid = 'ledger_transfer'::regclass;
    ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_kind_check;
    EXECUTE 'ALTER TABLE ledger_transfer ADD CONSTRAINT ledger_transfer_kind_check '
            || replace(replace(before, ' NOT VALID', ''), 'CHECK (', 'CHECK (kind IN (''pooled'', ''from_pool'') OR ')
            || ' NOT VALID';
END $$;

ALTER TABLE member ADD COLUMN household_since date;  -- local day of joining; null: not known
