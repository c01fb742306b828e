-- Let the lots of a set of members expire up to a day: one transfer for each member, day and wallet, numbered and keyed
-- as the evaluator's fold numbers and keys them (`_day_key` in application/history.py), so that both collide.
-- The standings are locked by a statement before this one, which therefore sees what that waited for.
-- members bigint[], clocks integer[] (a place among the calendars), uptos date[]: of one length;
-- calendar_clocks integer[], calendar_days date[], mornings timestamptz[] (00:00 of the day there), events bigint[]
--   (ids that grow with the day): of one length, each day of each clock on which a lot of these members may end
-- -> lots, points, transfers
WITH due AS MATERIALIZED (
    SELECT given.member_id, given.clock, given.upto
      FROM unnest(%(members)s::bigint[], %(clocks)s::integer[], %(uptos)s::date[]) AS given (member_id, clock, upto)
), open AS MATERIALIZED (
    SELECT due.member_id, due.clock, due.upto, lot.lot_id, lot.wallet, lot.points_open, lot.earned_on, lot.expires_on,
           lot.usable_from
      FROM due
      JOIN ledger_lot AS lot ON lot.member_id = due.member_id
     WHERE lot.is_open
), gone AS MATERIALIZED (
    SELECT member_id, clock, expires_on AS day, wallet, lot_id, points_open,
           row_number() OVER (PARTITION BY member_id, expires_on, wallet COLLATE "C" ORDER BY earned_on, lot_id) AS nth,
           dense_rank() OVER (PARTITION BY member_id ORDER BY expires_on, wallet COLLATE "C") AS change
      FROM open
     WHERE expires_on <= upto
), emptied AS (
    UPDATE ledger_lot AS lot
       SET points_open = 0
      FROM gone
     WHERE lot.member_id = gone.member_id
       AND lot.lot_id = gone.lot_id
    RETURNING 1
), summed AS (
    SELECT member_id, clock, day, wallet, change, sum(points_open)::bigint AS points, count(*) AS lots,
           min(lot_id) FILTER (WHERE nth = 1) AS first_lot
      FROM gone
     GROUP BY member_id, clock, day, wallet, change
), moved AS MATERIALIZED (
    SELECT member_id, day, wallet, change, points, lots, calendar.morning,
           first_value(first_lot) OVER days AS first_lot, row_number() OVER days - 1 AS number,
           calendar.event_id + row_number() OVER days - 1 AS transfer_id,
           max(change) OVER (PARTITION BY member_id) AS changes  -- not a join: the planner takes this set for one row
      FROM summed
      JOIN unnest(%(calendar_clocks)s::integer[], %(calendar_days)s::date[], %(mornings)s::timestamptz[],
                  %(events)s::bigint[]) AS calendar (clock, day, morning, event_id) USING (clock, day)
    WINDOW days AS (PARTITION BY member_id, day ORDER BY change)
), transfers AS (
    INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, version)
    SELECT moved.member_id, transfer_id, 'expiry:' || to_char(day, 'YYYY-MM-DD') || ':' || first_lot || '#' || number,
           'expiry', wallet, morning, day, own.version + change
      FROM moved
      JOIN member_standing AS own ON own.member_id = moved.member_id
    RETURNING 1
), entries AS (
    INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
    SELECT member_id, transfer_id, nth, 'available', wallet, -gone.points_open, lot_id, morning
      FROM gone
      JOIN moved USING (member_id, day, wallet)
     UNION ALL
    SELECT member_id, transfer_id, lots + 1, 'expired', wallet, points, NULL, morning
      FROM moved
    RETURNING 1
), changed AS MATERIALIZED (
    SELECT member_id, max(changes) AS changes FROM moved GROUP BY member_id
), balances AS (
    UPDATE ledger_balance AS balance
       SET points = balance.points - sums.points, version = own.version + sums.changes
      FROM (SELECT member_id, wallet, sum(points) AS points, max(changes) AS changes
              FROM moved
             GROUP BY member_id, wallet) AS sums
      JOIN member_standing AS own ON own.member_id = sums.member_id
     WHERE balance.member_id = sums.member_id
       AND balance.wallet = sums.wallet
    RETURNING 1
), turns AS (
    SELECT member_id, least(min(expires_on) FILTER (WHERE expires_on > upto),
                            min(usable_from) FILTER (WHERE usable_from > upto AND (expires_on > upto) IS NOT FALSE)) AS day
      FROM open
     GROUP BY member_id
), standings AS (
    UPDATE member_standing AS own
       SET as_of = greatest(own.as_of, due.upto), version = own.version + coalesce(changed.changes, 0),
           revision = own.revision + 1,  -- who decided without a lock decides again
           next_due_on = nullif(least(own.only_lots_until, turns.day), '9999-12-31')
      FROM due
      LEFT JOIN changed USING (member_id)
      LEFT JOIN turns USING (member_id)
     WHERE own.member_id = due.member_id
    RETURNING 1
)
SELECT coalesce(sum(lots), 0)::bigint, coalesce(sum(points), 0)::bigint, count(*) FROM moved
