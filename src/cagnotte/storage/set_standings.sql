-- New standings of members whose row exists and is locked.
-- member_id, as_of, tier, tier_since, next_due_on, state (JSON texts), version, only_lots_until,
-- only_lots_version: arrays of one length.
UPDATE member_standing
   SET as_of = given.as_of, tier = given.tier, tier_since = given.tier_since, next_due_on = given.next_due_on,
       state = given.state::jsonb, version = given.version, revision = member_standing.revision + 1,
       only_lots_until = given.only_lots_until, only_lots_version = given.only_lots_version
  FROM unnest(%(member_id)s::bigint[], %(as_of)s::date[], %(tier)s::text[], %(tier_since)s::date[],
              %(next_due_on)s::date[], %(state)s::text[], %(version)s::bigint[],
              %(only_lots_until)s::date[], %(only_lots_version)s::integer[])
       AS given (member_id, as_of, tier, tier_since, next_due_on, state, version, only_lots_until, only_lots_version)
 WHERE member_standing.member_id = given.member_id
