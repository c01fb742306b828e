-- Members by the tier of the main family that they held at the end of a day.
-- end_day date (day after the last) -> tier text (null: none), members bigint; of members enrolled by then
SELECT held.tier_after AS tier, count(*)
  FROM member
  LEFT JOIN (SELECT DISTINCT ON (member_id) member_id, tier_after
               FROM tier_change
              WHERE happened_on < %(end_day)s AND family = 'main'
              ORDER BY member_id, change_id DESC) AS held USING (member_id)
 WHERE member.enrolled_on < %(end_day)s
 GROUP BY 1
