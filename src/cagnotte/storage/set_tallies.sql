-- New values of tallies whose caps are locked.
-- subjects text[], caps text[], windows bigint[], values bigint[]: arrays of one length
INSERT INTO shared_tally (subject, cap, window_no, value)
SELECT subject, cap, window_no, value
  FROM unnest(%(subjects)s::text[], %(caps)s::text[], %(windows)s::bigint[], %(values)s::bigint[])
       AS given (subject, cap, window_no, value)
ON CONFLICT (subject, cap, window_no) DO UPDATE SET value = excluded.value
