-- Where some members stand and who they are, the standings locked until the transaction ends: the lock of their books.
-- members bigint[] -> member_id, as_of, tier, tier_since, next_due_on, state (JSON text; null: nothing was ever decided),
--   version (of the member's books), revision (of all that is known of the member), enrolled_on, born_on, language, country, brand, home_store (external id; "": none),
--   household, segments, share_of_wallet, share_declared, sponsor_id, attributes (JSON text; null: none), share_low,
--   share_high, household_since, closed_on
-- Always in this order: two acts on the same members cannot deadlock.
SELECT own.member_id, own.as_of, own.tier, own.tier_since, own.next_due_on, own.state::text, own.version, own.revision,
       member.enrolled_on, member.born_on, member.language, member.country, member.brand,
       coalesce(store.external_id, ''), member.household, member.segments, member.share_of_wallet,
       member.share_declared, member.sponsor_id, nullif(member.attributes, '{}')::text,
       member.share_low, member.share_high, member.household_since, member.closed_on
  FROM member_standing AS own
  JOIN member USING (member_id)
  LEFT JOIN store ON store.store_id = member.home_store_id
 WHERE own.member_id = ANY (%(members)s)
 ORDER BY own.member_id
   FOR UPDATE OF own
