-- Members that identifiers of any kind point to; the retailer's own id wins over the others.
-- names text[] -> name, member_id, country
SELECT DISTINCT ON (i.value) i.value, m.member_id, m.country
  FROM member_identifier i
  JOIN member m ON m.member_id = i.member_id
 WHERE i.kind IN ('external', 'card', 'email', 'phone')
   AND i.value = ANY (%(names)s)
 ORDER BY i.value, i.kind = 'external' DESC
