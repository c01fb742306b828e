-- Where some members stand.
-- members bigint[] -> member_id, as_of, tier, tier_since, next_due_on
SELECT member_id, as_of, tier, tier_since, next_due_on
  FROM member_standing
 WHERE member_id = ANY (%(members)s)
