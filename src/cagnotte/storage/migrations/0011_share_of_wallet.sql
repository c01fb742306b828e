-- Between which shares an estimated share of wallet lies. No share was ever estimated before: 0 is right for all.

ALTER TABLE member
    ADD COLUMN share_low  integer NOT NULL DEFAULT 0,    -- basis points; 0: not known, or declared by hand
    ADD COLUMN share_high integer NOT NULL DEFAULT 0;
