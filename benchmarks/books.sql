-- Books of invented members, valid by every check of the proof: each has `lots` lots of 100 points, earned one a day from
-- 1 March 2025 on and all ending on one day of ten, which the member's number gives: 1 to 10 March 2026.
-- members, lots: whole numbers; nothing else is in the tables. The trigger that sums entries looks at them all.
INSERT INTO member (member_id, external_id, enrolled_on, enrolled_at)
SELECT n, 'm' || n, '2025-03-01', '2025-03-01T00:00Z' FROM generate_series(1, {members}) AS n;
INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, version, expires_on, awaits)
SELECT n, 256 * k, 'earn:' || k || '#0', 'earn', 'points', (date '2025-03-01' + k)::timestamp AT TIME ZONE 'UTC',
       date '2025-03-01' + k, k, date '2026-03-01' + (n % 10), ''
  FROM generate_series(1, {members}) AS n, generate_series(1, {lots}) AS k;
INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
SELECT member_id, transfer_id, side.no, side.account, wallet, side.points, CASE side.no WHEN 1 THEN transfer_id END, happened_at
  FROM ledger_transfer, (VALUES (1, 'available', 100), (2, 'issued', -100)) AS side (no, account, points);
INSERT INTO ledger_lot (member_id, lot_id, wallet, points, points_open, earned_on, expires_on)
SELECT member_id, transfer_id, wallet, 100, 100, happened_on, expires_on FROM ledger_transfer;
INSERT INTO ledger_balance (member_id, wallet, points, version)
SELECT n, 'points', 100 * {lots}, {lots} FROM generate_series(1, {members}) AS n;
INSERT INTO member_standing (member_id, as_of, next_due_on, state, version, only_lots_until, only_lots_version)
SELECT n, date '2025-03-01' + {lots}, date '2026-03-01' + (n % 10), '{{}}', {lots}, '9999-12-31', 1
  FROM generate_series(1, {members}) AS n;
