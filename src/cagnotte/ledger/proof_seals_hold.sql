-- Seals (INV-02): each digest is that of the seal before it and of all that the member's books gained between them.
-- The same text as in the view ledger_sealed, with the entries of all transfers gathered at once.
-- most integer -> ('examined', seals, ''), then subject, expected, found
WITH chained AS (
    SELECT member_id, seal_no, version, digest,
           coalesce(lag(version) OVER seals, -1) AS after, coalesce(lag(digest) OVER seals, ''::bytea) AS before
      FROM ledger_seal
    WINDOW seals AS (PARTITION BY member_id ORDER BY seal_no)
), gathered AS NOT MATERIALIZED (
    SELECT member_id, transfer_id,
           json_agg(json_build_array(entry_no, account, wallet, points, lot_id) ORDER BY entry_no) AS entries
      FROM ledger_entry GROUP BY member_id, transfer_id
), sealed AS NOT MATERIALIZED (
    (SELECT t.member_id, coalesce(t.version, 0) AS version, t.transfer_id AS within,
           ledger_transfer_content(ROW(t.*)::ledger_transfer, g.entries) AS content
      FROM ledger_transfer t
      LEFT JOIN gathered g ON g.member_id = t.member_id AND g.transfer_id = t.transfer_id
     ORDER BY t.member_id)
     UNION ALL
    (SELECT r.member_id, r.version, r.lot_id, ledger_redated_content(ROW(r.*)::ledger_lot_redated)
      FROM ledger_lot_redated r
     ORDER BY r.member_id)
), summed AS (
    SELECT s.member_id, s.seal_no, convert_to(string_agg(c.content, E'\n' ORDER BY c.version, c.within), 'UTF8') AS gained
      FROM chained s
      JOIN sealed c ON c.member_id = s.member_id AND c.version > s.after AND c.version <= s.version
     GROUP BY s.member_id, s.seal_no
), again AS (
    SELECT s.member_id, s.seal_no, s.digest, sha256(s.before || coalesce(g.gained, ''::bytea)) AS found
      FROM chained s
      LEFT JOIN summed g ON g.member_id = s.member_id AND g.seal_no = s.seal_no
), wrong AS (
    SELECT format('member %%s, seal %%s', member_id, seal_no), encode(digest, 'hex'), encode(found, 'hex')
      FROM again
     WHERE digest <> found
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM again UNION ALL SELECT * FROM wrong
