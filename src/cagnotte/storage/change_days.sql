-- New totals of days that are there, of members whose standing is locked.
-- member_id, day, paid_minor, visits, earned, measured (JSON texts, null: nothing): arrays of one length
UPDATE member_day
   SET paid_minor = given.paid_minor, visits = given.visits, earned = given.earned::jsonb,
       measured = given.measured::jsonb
  FROM unnest(%(member_id)s::bigint[], %(day)s::date[], %(paid_minor)s::bigint[], %(visits)s::integer[],
              %(earned)s::text[], %(measured)s::text[])
       AS given (member_id, day, paid_minor, visits, earned, measured)
 WHERE member_day.member_id = given.member_id
   AND member_day.day = given.day
