-- Members for whom a lot expires or a tier may change on that day or before; and those of households in which
-- somebody did what tiers count.
-- on date, after bigint, most integer, but_only_lots_of integer (a version of the programme: who has only lots
--   due by it is left out; null: nobody is) -> member_id
SELECT member_id
  FROM (SELECT member_id
          FROM member_standing
         WHERE next_due_on <= %(on)s
           AND member_id > %(after)s
           AND (only_lots_version = %(but_only_lots_of)s AND only_lots_until > %(on)s) IS NOT TRUE
        UNION
        SELECT member.member_id
          FROM household_due AS due
          JOIN member ON member.household = due.household AND member.household <> ''
         WHERE due.due_on <= %(on)s
           AND member.member_id > %(after)s) AS due
 ORDER BY member_id
 LIMIT %(most)s
