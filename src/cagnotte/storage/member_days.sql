-- What some members did by local day: the days that something counts, and those from which on an event is to be added.
-- members bigint[], first_days date[] (of one length: the day of the member's first event to come),
-- span integer (days before the member's as_of that something counts; null: all)
--   -> member_id, day, paid_minor, visits, earned (JSON text; null: none), measured (JSON text; null: nothing)
SELECT asked.member_id, done.day, done.paid_minor, done.visits, done.earned::text, done.measured::text
  FROM unnest(%(members)s::bigint[], %(first_days)s::date[]) AS asked (member_id, first_day)
  JOIN member_standing AS own ON own.member_id = asked.member_id
  JOIN member_day AS done ON done.member_id = asked.member_id
   AND (%(span)s::integer IS NULL OR done.day >= least(asked.first_day, own.as_of - %(span)s::integer))
 ORDER BY asked.member_id, done.day
