-- What caps of households, stores and the programme have counted.
-- subjects text[], caps text[], firsts bigint[], lasts bigint[] (windows, both included): arrays of one length
--   -> cap, subject, window_no, value (never 0)
SELECT found.cap, found.subject, found.window_no, found.value
  FROM unnest(%(subjects)s::text[], %(caps)s::text[], %(firsts)s::bigint[], %(lasts)s::bigint[])
       AS asked (subject, cap, first, last)
  JOIN shared_tally AS found ON found.subject = asked.subject AND found.cap = asked.cap
   AND found.window_no BETWEEN asked.first AND asked.last
 WHERE found.value <> 0
