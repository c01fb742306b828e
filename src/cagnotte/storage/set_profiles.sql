-- What rules may ask of members, brought up to date; the home store and the day of joining stay.
-- member_id, born_on, language, country, brand, household, share_of_wallet, share_low, share_high, share_declared,
-- sponsor_id, household_since, closed_on: arrays of one length; segments and attributes as JSON texts.
UPDATE member
   SET born_on = given.born_on, language = given.language, country = given.country, brand = given.brand,
       household = given.household, share_of_wallet = given.share_of_wallet, share_declared = given.share_declared,
       share_low = given.share_low, share_high = given.share_high, sponsor_id = given.sponsor_id,
       attributes = given.attributes::jsonb, household_since = given.household_since,
       closed_on = given.closed_on,
       segments = ARRAY(SELECT jsonb_array_elements_text(given.segments::jsonb))
  FROM unnest(%(member_id)s::bigint[], %(born_on)s::date[], %(language)s::text[], %(country)s::text[],
              %(brand)s::text[], %(household)s::text[], %(segments)s::text[], %(share_of_wallet)s::integer[],
              %(share_low)s::integer[], %(share_high)s::integer[], %(share_declared)s::boolean[],
              %(sponsor_id)s::bigint[], %(attributes)s::text[], %(household_since)s::date[], %(closed_on)s::date[])
       AS given (member_id, born_on, language, country, brand, household, segments, share_of_wallet, share_low,
                 share_high, share_declared, sponsor_id, attributes, household_since, closed_on)
 WHERE member.member_id = given.member_id
