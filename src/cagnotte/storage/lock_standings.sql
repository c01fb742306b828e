-- Where some members stand, locked until the transaction ends: the lock of their books.
-- members bigint[] -> member_id, as_of, tier, tier_since, next_due_on
-- Always in this order: two acts on the same members cannot deadlock.
SELECT member_id, as_of, tier, tier_since, next_due_on
  FROM member_standing
 WHERE member_id = ANY (%(members)s)
 ORDER BY member_id
   FOR UPDATE
