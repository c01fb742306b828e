-- What stands before a check to ask it of some members alone: each table and view of members by its own name.
-- members bigint[] -> the beginning of a statement, up to the check's own WITH
WITH ledger_transfer AS NOT MATERIALIZED (SELECT * FROM ledger_transfer WHERE member_id = ANY (%(members)s)),
     ledger_entry AS NOT MATERIALIZED (SELECT * FROM ledger_entry WHERE member_id = ANY (%(members)s)),
     ledger_lot AS NOT MATERIALIZED (SELECT * FROM ledger_lot WHERE member_id = ANY (%(members)s)),
     ledger_lot_redated AS NOT MATERIALIZED (SELECT * FROM ledger_lot_redated WHERE member_id = ANY (%(members)s)),
     ledger_balance AS NOT MATERIALIZED (SELECT * FROM ledger_balance WHERE member_id = ANY (%(members)s)),
     ledger_seal AS NOT MATERIALIZED (SELECT * FROM ledger_seal WHERE member_id = ANY (%(members)s)),
     ledger_sealed AS NOT MATERIALIZED (SELECT * FROM ledger_sealed WHERE member_id = ANY (%(members)s)),
     member_standing AS NOT MATERIALIZED (SELECT * FROM member_standing WHERE member_id = ANY (%(members)s)),
     sale AS NOT MATERIALIZED (SELECT * FROM sale WHERE member_id = ANY (%(members)s)),
     voucher AS NOT MATERIALIZED (SELECT * FROM voucher WHERE member_id = ANY (%(members)s))
