-- Seal what was added to each member's books since the last seal.
-- seal_no bigint -> one row: how many members were sealed
WITH last AS (
    SELECT DISTINCT ON (member_id) member_id, version, digest
      FROM ledger_seal ORDER BY member_id, seal_no DESC
), due AS (
    SELECT s.member_id, coalesce(last.version, -1) AS after, s.version AS upto, coalesce(last.digest, ''::bytea) AS before
      FROM member_standing s
      LEFT JOIN last ON last.member_id = s.member_id
     WHERE s.version > coalesce(last.version, -1)
), sealed AS (
    INSERT INTO ledger_seal (member_id, seal_no, version, digest)
    SELECT due.member_id, %(seal_no)s, due.upto,
           sha256(due.before || convert_to(string_agg(c.content, E'\n' ORDER BY c.version, c.within), 'UTF8'))
      FROM due
      JOIN ledger_sealed c ON c.member_id = due.member_id AND c.version > due.after AND c.version <= due.upto
     GROUP BY due.member_id, due.upto, due.before
    RETURNING 1
)
SELECT count(*) FROM sealed
