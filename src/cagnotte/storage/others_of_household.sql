-- The other members of a member's household.
-- member_id bigint, most integer -> the columns of `Member`, at most so many rows, by member_id
-- It reads across members, by the index of households: only for acts of a household, never for a sale.
SELECT other.member_id, other.external_id, other.enrolled_on, other.first_name, other.last_name, other.email,
       other.phone, other.enrolled_at, other.language, other.country
  FROM member AS own
  JOIN member AS other ON other.household = own.household AND other.member_id <> own.member_id
 WHERE own.member_id = %(member_id)s
   AND own.household <> ''
   AND other.household <> ''
 ORDER BY other.member_id
 LIMIT %(most)s
