-- Versions (INV-09): the changes of a member's books are numbered without a gap, up to the standing's own number;
-- from 1 on where no transfer is older than the numbers. No balance is ahead of them.
-- most integer -> ('examined', members, ''), then subject, expected, found
WITH numbered AS (
    SELECT member_id, version FROM ledger_transfer WHERE version IS NOT NULL
     UNION ALL
    SELECT DISTINCT member_id, version FROM ledger_lot_redated
), counted AS (
    SELECT member_id, min(version) AS first, max(version) AS last, count(*) AS numbers,
           count(DISTINCT version) AS different
      FROM numbered GROUP BY member_id
), older AS (
    SELECT DISTINCT member_id FROM ledger_transfer WHERE version IS NULL
), wrong AS (
    SELECT format('member %%s', coalesce(c.member_id, s.member_id)),
           format('1 to %%s, each once', s.version),
           format('%%s numbers from %%s to %%s', coalesce(c.numbers, 0), coalesce(c.first, 0), coalesce(c.last, 0))
      FROM member_standing s
      FULL JOIN counted c ON c.member_id = s.member_id
      LEFT JOIN older o ON o.member_id = coalesce(c.member_id, s.member_id)
     WHERE c.last <> s.version OR s.version IS NULL OR c.numbers <> c.different
        OR c.different <> c.last - c.first + 1
        OR (o.member_id IS NULL AND coalesce(c.first, 1) <> 1)
        OR (o.member_id IS NULL AND c.last IS NULL AND s.version <> 0)
     UNION ALL
    SELECT format('member %%s, wallet %%s', b.member_id, b.wallet), format('at most %%s', s.version), b.version::text
      FROM ledger_balance b
      JOIN member_standing s ON s.member_id = b.member_id
     WHERE b.version > s.version
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM member_standing UNION ALL SELECT * FROM wrong
