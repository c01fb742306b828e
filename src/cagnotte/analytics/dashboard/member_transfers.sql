-- How many transfers a member has.
-- member_id bigint -> transfers bigint
SELECT count(*) FROM ledger_transfer WHERE member_id = %(member_id)s
