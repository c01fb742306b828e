-- What a member owes, and what is set aside for open orders (INV-11): the standing says what the entries say.
-- most integer -> ('examined', wallets with either, ''), then subject, expected, found
WITH replayed AS (
    SELECT member_id, wallet, account, abs(sum(points)) AS points
      FROM ledger_entry
     WHERE account IN ('debt', 'held')
     GROUP BY member_id, wallet, account
    HAVING sum(points) <> 0
), told AS (
    SELECT s.member_id, debt ->> 0 AS wallet, 'debt' AS account, (debt ->> 1)::numeric AS points
      FROM member_standing s, jsonb_array_elements(s.state -> 'debts') AS debt
     UNION ALL
    SELECT s.member_id, hold ->> 'wallet', 'held', sum((lot ->> 'points_open')::numeric)
      FROM member_standing s, jsonb_array_elements(s.state -> 'holds') AS hold,
           jsonb_array_elements(hold -> 'lots') AS lot
     GROUP BY s.member_id, hold ->> 'wallet'
), wrong AS (
    SELECT format('member %%s, wallet %%s, %%s', coalesce(t.member_id, r.member_id), coalesce(t.wallet, r.wallet),
                  coalesce(t.account, r.account)),
           coalesce(r.points, 0)::text, coalesce(t.points, 0)::text
      FROM told t
      FULL JOIN replayed r ON r.member_id = t.member_id AND r.wallet = t.wallet AND r.account = t.account
     WHERE t.points IS DISTINCT FROM r.points
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM replayed UNION ALL SELECT * FROM wrong
