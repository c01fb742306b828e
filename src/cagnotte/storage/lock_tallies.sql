-- Lock caps that several members share, until the transaction ends: the row of window 0 is made when it is missing.
-- subjects text[], caps text[]: arrays of one length, each pair once.
-- Always in this order, and after the standings: two acts cannot deadlock.
INSERT INTO shared_tally (subject, cap, window_no, value)
SELECT subject, cap, 0, 0
  FROM unnest(%(subjects)s::text[], %(caps)s::text[]) AS asked (subject, cap)
 ORDER BY subject COLLATE "C", cap COLLATE "C"
ON CONFLICT (subject, cap, window_no) DO UPDATE SET value = shared_tally.value
