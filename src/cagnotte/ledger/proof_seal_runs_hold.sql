-- Seals (INV-02): the digests of the last run are those of the seals that were there then, and so of all before them;
-- no seal and no run was taken out or put between.
-- most integer -> ('examined', runs, ''), then subject, expected, found
WITH latest AS (
    SELECT seal_no, shards FROM ledger_seal_run ORDER BY seal_no DESC LIMIT 1
), last AS (
    SELECT DISTINCT ON (s.member_id) s.member_id, mod(s.member_id, 64)::integer AS shard, s.version, s.digest
      FROM ledger_seal s
      JOIN latest ON s.seal_no <= latest.seal_no
     ORDER BY s.member_id, s.seal_no DESC
), now AS (
    SELECT shard, sha256(convert_to(string_agg(format('%%s:%%s:%%s', member_id, version, encode(digest, 'hex')), E'\n'
                                               ORDER BY member_id), 'UTF8')) AS digest
      FROM last GROUP BY shard
), wrong AS (
    SELECT format('seal %%s, shard %%s', latest.seal_no, each.shard), encode(latest.shards[each.shard + 1], 'hex'),
           coalesce(encode(now.digest, 'hex'), '')
      FROM latest
     CROSS JOIN generate_series(0, 63) AS each (shard)
      LEFT JOIN now ON now.shard = each.shard
     WHERE latest.shards[each.shard + 1] IS DISTINCT FROM coalesce(now.digest, ''::bytea)
     UNION ALL
    SELECT format('seal %%s', n.seal_no), coalesce(format('%%s members', r.members), 'a run'),
           format('seals of %%s', coalesce(s.members, 0))
      FROM generate_series(1, greatest((SELECT max(seal_no) FROM ledger_seal),
                                       (SELECT seal_no FROM latest))) AS n (seal_no)
      LEFT JOIN ledger_seal_run r ON r.seal_no = n.seal_no
      LEFT JOIN (SELECT seal_no, count(*) AS members FROM ledger_seal GROUP BY seal_no) s ON s.seal_no = n.seal_no
     WHERE r.members IS DISTINCT FROM coalesce(s.members, 0)
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_seal_run UNION ALL SELECT * FROM wrong
