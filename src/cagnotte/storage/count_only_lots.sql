-- What `expire_sets` would do to members to whom nothing is due but the end of lots. Nothing is locked.
-- as lock_only_lots.sql, without `most` -> members, lots, points
SELECT count(DISTINCT due.member_id), count(lot.lot_id), coalesce(sum(lot.points_open), 0)::bigint
  FROM (SELECT own.member_id, coalesce(clock.day, %(day)s) AS day
          FROM member_standing AS own
          JOIN member USING (member_id)
          LEFT JOIN unnest(%(countries)s::text[], %(days)s::date[]) AS clock (country, day)
                 ON clock.country = member.country
         WHERE own.next_due_on <= %(latest)s
           AND own.next_due_on <= coalesce(clock.day, %(day)s)
           AND own.only_lots_until > %(latest)s
           AND own.only_lots_version = %(programme_version)s) AS due
  LEFT JOIN ledger_lot AS lot ON lot.member_id = due.member_id AND lot.is_open AND lot.expires_on <= due.day
