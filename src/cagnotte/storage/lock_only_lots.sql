-- Some members to whom nothing is due but the end of lots, soonest due first, locked until the transaction ends. Those
-- that somebody else holds are passed over: several workers share the work, and nobody waits for a till.
-- programme_version integer; countries text[], days date[] (of one length; of any other country: day date); latest date
--   (of all days), most integer -> member_id, country ("": any other), day up to which the member is to be brought
SELECT own.member_id, coalesce(clock.country, ''), coalesce(clock.day, %(day)s)
  FROM member_standing AS own
  JOIN member USING (member_id)
  LEFT JOIN unnest(%(countries)s::text[], %(days)s::date[]) AS clock (country, day) ON clock.country = member.country
 WHERE own.next_due_on <= %(latest)s
   AND own.next_due_on <= coalesce(clock.day, %(day)s)
   AND own.only_lots_until > %(latest)s
   AND own.only_lots_version = %(programme_version)s
 ORDER BY own.next_due_on, own.member_id
 LIMIT %(most)s
   FOR UPDATE OF own SKIP LOCKED
