INSERT INTO store VALUES (1, 's1', 's1');
INSERT INTO product SELECT g, 'A' || g FROM generate_series(1, 5) g;
INSERT INTO member (member_id, external_id, enrolled_on, enrolled_at)
SELECT g, CASE WHEN g = :template THEN 'template' ELSE 'm' || g END, '2026-01-01', '2026-01-01'
  FROM (SELECT generate_series(1, :members) UNION ALL SELECT :template) AS x (g);
INSERT INTO member_identifier SELECT 'external', external_id, member_id FROM member;
INSERT INTO member_standing (member_id, as_of, next_due_on, state, version)
SELECT member_id, '2026-03-01', '2027-03-01',
       '{"held":[{"family":"main","tier":"gold","since":"2026-03-01"}],"purchases":3,"last_active":"2026-03-01"}', 3
  FROM member;
INSERT INTO ledger_transfer (member_id, transfer_id, key, kind, wallet, happened_at, happened_on, version, expires_on, awaits)
SELECT member_id, n, 'sale:' || n || '#0', 'earn', 'points', '2026-03-01 12:00Z', '2026-03-01', n, '2027-03-01', ''
  FROM member, generate_series(1, 3) n;
INSERT INTO ledger_entry (member_id, transfer_id, entry_no, account, wallet, points, lot_id, happened_at)
SELECT member_id, n, e, CASE e WHEN 1 THEN 'available' ELSE 'issued' END, 'points', CASE e WHEN 1 THEN 100 ELSE -100 END,
       CASE e WHEN 1 THEN n END, '2026-03-01 12:00Z'
  FROM member, generate_series(1, 3) n, generate_series(1, 2) e;
INSERT INTO ledger_lot (member_id, lot_id, wallet, points, points_open, earned_on, expires_on)
SELECT member_id, n, 'points', 100, 100, '2026-03-01', '2027-03-01' FROM member, generate_series(1, 3) n;
INSERT INTO ledger_balance SELECT member_id, 'points', 300, 3 FROM member;
INSERT INTO member_day SELECT member_id, '2026-03-01', 30000, 3, '{"points":300}' FROM member;
VACUUM ANALYZE;
CHECKPOINT;
