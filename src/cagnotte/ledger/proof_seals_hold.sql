-- Seals (INV-02): each digest is that of the seal before it and of all that the member's books gained between them.
-- most integer -> ('examined', seals, ''), then subject, expected, found
WITH chained AS (
    SELECT member_id, seal_no, version, digest,
           coalesce(lag(version) OVER seals, -1) AS after, coalesce(lag(digest) OVER seals, ''::bytea) AS before
      FROM ledger_seal
    WINDOW seals AS (PARTITION BY member_id ORDER BY seal_no)
), again AS (
    SELECT s.member_id, s.seal_no, s.digest,
           sha256(s.before || convert_to(coalesce(string_agg(c.content, E'\n' ORDER BY c.version, c.within), ''), 'UTF8'))
               AS found
      FROM chained s
      LEFT JOIN ledger_sealed c ON c.member_id = s.member_id AND c.version > s.after AND c.version <= s.version
     GROUP BY s.member_id, s.seal_no, s.digest, s.before
), wrong AS (
    SELECT format('member %%s, seal %%s', member_id, seal_no), encode(digest, 'hex'), encode(found, 'hex')
      FROM again
     WHERE digest <> found
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM again UNION ALL SELECT * FROM wrong
