-- What became of the points of each month by their age, as the books stood at an instant: one aggregate over all that
-- was posted until then, so its answer is the same for ever. What is set aside counts as used when it is confirmed.
-- end_day date (the first day that is not looked at), known_at timestamptz, parts integer
-- -> wallet, cohort (first day of the month in which the points were earned), part (of the members), age in months,
-- given, taken (back, by hand, to others), used, expired, last_age (at which the last of the lots given ends;
-- null: none has an end), endless (points of lots given without an end), lots
WITH moved AS (
    SELECT e.member_id, e.lot_id, t.happened_on, e.points,
           CASE WHEN e.lot_id = e.transfer_id THEN 'given'
                WHEN t.kind IN ('clawback', 'correction', 'adjustment', 'sent', 'pooled', 'exchange') THEN 'taken'
                WHEN t.kind IN ('expiry', 'idle', 'reinstated') THEN 'expired' ELSE 'used' END AS what,
           t.expires_on
      FROM ledger_entry e
      JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
     WHERE e.account = 'available' AND t.kind NOT IN ('hold', 'freed') AND t.happened_on < %(end_day)s
       AND t.posted_at <= %(known_at)s
     UNION ALL
    SELECT h.member_id, h.lot_id, c.happened_on, h.points + coalesce(freed.points, 0), 'used', NULL
      FROM ledger_transfer c
      JOIN ledger_entry h ON h.member_id = c.member_id AND h.transfer_id = split_part(c.key, ':', 2)::bigint
                         AND h.account = 'available'
      LEFT JOIN LATERAL (
            SELECT sum(e.points)::bigint AS points
              FROM ledger_transfer f
              JOIN ledger_entry e ON e.member_id = f.member_id AND e.transfer_id = f.transfer_id AND e.lot_id = h.lot_id
             WHERE f.member_id = c.member_id AND f.kind = 'freed'
               AND split_part(f.key, '#', 1) = split_part(c.key, '#', 1)) freed ON true
     WHERE c.kind = 'confirmed' AND c.happened_on < %(end_day)s AND c.posted_at <= %(known_at)s
), aged AS (
    SELECT l.wallet, make_date(extract(year FROM l.earned_on)::integer, extract(month FROM l.earned_on)::integer, 1) AS cohort,
           abs(moved.member_id %% 1000003) * 48271 %% 2147483647 %% %(parts)s AS part,
           (extract(year FROM moved.happened_on) * 12 + extract(month FROM moved.happened_on)
            - extract(year FROM l.earned_on) * 12 - extract(month FROM l.earned_on))::integer AS age,
           (extract(year FROM moved.expires_on) * 12 + extract(month FROM moved.expires_on)
            - extract(year FROM l.earned_on) * 12 - extract(month FROM l.earned_on))::integer AS last_age,
           moved.what, moved.points, moved.expires_on
      FROM moved
      JOIN ledger_lot l ON l.member_id = moved.member_id AND l.lot_id = moved.lot_id
)
SELECT wallet, cohort, part::integer, greatest(age, 0),
       coalesce(sum(points) FILTER (WHERE what = 'given'), 0)::bigint,
       coalesce(-sum(points) FILTER (WHERE what = 'taken'), 0)::bigint,
       coalesce(-sum(points) FILTER (WHERE what = 'used'), 0)::bigint,
       coalesce(-sum(points) FILTER (WHERE what = 'expired'), 0)::bigint,
       max(last_age) FILTER (WHERE what = 'given'),
       coalesce(sum(points) FILTER (WHERE what = 'given' AND expires_on IS NULL), 0)::bigint,
       count(*) FILTER (WHERE what = 'given')
  FROM aged
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 2, 3, 4
