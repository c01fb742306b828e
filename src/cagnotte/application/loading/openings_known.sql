-- Openings that are in the books under these keys.
-- members bigint[], keys text[]: arrays of one length -> member_id, key, wallet, points, expires_on, usable_from
SELECT t.member_id, t.key, t.wallet, e.points, t.expires_on, t.usable_from
  FROM unnest(%(members)s::bigint[], %(keys)s::text[]) AS asked (member_id, key)
  JOIN ledger_transfer t ON t.member_id = asked.member_id AND t.key = asked.key
                        AND hashtextextended(t.key, 0) = hashtextextended(asked.key, 0)
  JOIN ledger_entry e ON e.member_id = t.member_id AND e.transfer_id = t.transfer_id AND e.entry_no = 1
