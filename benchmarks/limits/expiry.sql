-- The yardstick's expiry: one statement over two bare tables. `bench expiry` runs it on the same server, in turns.
WITH x AS (UPDATE jlot SET remaining=0 WHERE remaining>0 AND expires_at<=now() RETURNING id, account_id, points),
 e AS (INSERT INTO jentry(account_id,contra,kind,points,lot_id) SELECT account_id,0,3,-points,id FROM x UNION ALL SELECT 0,1,3,points,id FROM x RETURNING 1),
 b AS (UPDATE jacc a SET balance=a.balance-s.p, version=version+1 FROM (SELECT account_id, sum(points) p FROM x GROUP BY 1) s WHERE a.id=s.account_id RETURNING 1)
SELECT (SELECT count(*) FROM x) lots, (SELECT count(*) FROM e) entries, (SELECT count(*) FROM b) accounts
