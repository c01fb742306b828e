INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, version, expires_on, awaits)
SELECT m, n, 'old:' || n || '#0', CASE n % 2 WHEN 0 THEN 'earn' ELSE 'expiry' END, 'points', '2026-03-01 12:00Z', '2026-03-01',
       NULL, '2027-03-01', ''
  FROM generate_series(1, 16) m, generate_series(1000, 5999) n;
INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
SELECT m, n, e, CASE WHEN e = 1 THEN 'available' WHEN n % 2 = 0 THEN 'issued' ELSE 'expired' END, 'points',
       CASE WHEN (e = 1) = (n % 2 = 0) THEN 5 ELSE -5 END, CASE e WHEN 1 THEN n - n % 2 END, '2026-03-01 12:00Z'
  FROM generate_series(1, 16) m, generate_series(1000, 5999) n, generate_series(1, 2) e;
INSERT INTO ledger_lot (member_id, lot_id, wallet, points, points_open, earned_on, expires_on)
SELECT m, n, 'points', 5, 0, '2026-03-01', '2027-03-01' FROM generate_series(1, 16) m, generate_series(1000, 5999, 2) n;
ANALYZE ledger_entry;
