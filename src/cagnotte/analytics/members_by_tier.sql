-- How many members held each tier of the main family at an instant: the last change up to then says so.
-- as_of timestamptz -> tier (null: none), members
SELECT latest.tier_after, count(*)
  FROM member
  LEFT JOIN LATERAL (
       SELECT tier_after FROM tier_change
        WHERE tier_change.member_id = member.member_id AND happened_at <= %(as_of)s AND family = 'main'
        ORDER BY happened_at DESC, change_id DESC LIMIT 1) AS latest ON true
 WHERE member.enrolled_at <= %(as_of)s
 GROUP BY latest.tier_after
 ORDER BY count(*) DESC
