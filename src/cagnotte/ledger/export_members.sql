-- What is exported of members: whose books they are, and the number of the last change of them.
-- members bigint[] (null: all), formula and guarded text -> rows in order of member_id
SELECT s.member_id, regexp_replace(m.external_id, %(formula)s, %(guarded)s) AS external_id, s.version
  FROM member_standing s
  JOIN member m ON m.member_id = s.member_id
 WHERE %(members)s::bigint[] IS NULL OR s.member_id = ANY (%(members)s)
 ORDER BY s.member_id
