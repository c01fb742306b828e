-- The digest of each shard over the last seals of its members up to and with a run.
-- seal_no bigint -> shard integer (0 to 63), digest bytea; a shard without a member is absent
SELECT shard, sha256(convert_to(string_agg(format('%%s:%%s:%%s', member_id, version, encode(digest, 'hex')), E'\n'
                                           ORDER BY member_id), 'UTF8'))
  FROM (SELECT DISTINCT ON (member_id) member_id, mod(member_id, 64)::integer AS shard, version, digest
          FROM ledger_seal
         WHERE seal_no <= %(seal_no)s
         ORDER BY member_id, seal_no DESC) AS last
 GROUP BY shard
 ORDER BY shard
