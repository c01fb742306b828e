-- Members with a hold whose time is over on the clock that is furthest ahead; the caller looks at their own.
-- A member with a hold is due on the first morning that finds it over, or before: the index on that day finds them.
-- at timestamp (local), after bigint, most integer -> member_id
SELECT member_id
  FROM member_standing
 WHERE next_due_on <= %(at)s::date + 1
   AND member_id > %(after)s
   AND EXISTS (SELECT FROM jsonb_array_elements(state -> 'holds') AS hold
                WHERE (hold ->> 'until')::timestamp <= %(at)s)
 ORDER BY member_id
 LIMIT %(most)s
