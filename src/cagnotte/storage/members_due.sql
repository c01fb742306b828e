-- Members for whom a lot expires or a tier may change on that day or before.
-- on date, after bigint, most integer -> member_id
SELECT member_id
  FROM member_standing
 WHERE next_due_on <= %(on)s
   AND member_id > %(after)s
 ORDER BY member_id
 LIMIT %(most)s
