-- What is exported of the runs of seals; the digests of the 64 shards are separated by spaces, "-" for an empty one.
-- members, formula and guarded are not used -> rows in order of seal_no
SELECT seal_no, to_char(sealed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS sealed_at, members,
       (SELECT string_agg(coalesce(nullif(encode(digest, 'hex'), ''), '-'), ' ' ORDER BY place)
          FROM unnest(shards) WITH ORDINALITY AS each (digest, place)) AS shards
  FROM ledger_seal_run
 ORDER BY seal_no
