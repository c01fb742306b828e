-- Since when each member belongs to the household: who belongs already has belonged for as long as is known.

ALTER TABLE member ADD COLUMN household_since date;  -- local day of joining; null: not known
