-- Where some members stand and who they are.
-- members bigint[] -> as in lock_standings.sql
SELECT own.member_id, own.as_of, own.tier, own.tier_since, own.next_due_on, own.state::text, own.version, own.revision,
       member.enrolled_on, member.born_on, member.language, member.country, member.brand,
       coalesce(store.external_id, ''), member.household, member.segments, member.share_of_wallet,
       member.share_declared, member.sponsor_id, nullif(member.attributes, '{}')::text,
       member.share_low, member.share_high, member.household_since, member.closed_on
  FROM member_standing AS own
  JOIN member USING (member_id)
  LEFT JOIN store ON store.store_id = member.home_store_id
 WHERE own.member_id = ANY (%(members)s)
