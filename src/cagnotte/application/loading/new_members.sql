-- Identifiers that point to no member, with the local day and the instant of the first sale: they enrol then.
-- A recorded sale that names a new one is in conflict, and brings nothing new.
-- -> identifier, day, instant
SELECT staged_sale.member, min(staged_sale.local)::date, min(staged_sale.at)
  FROM staged_sale
 WHERE staged_sale.member IS NOT NULL
   AND staged_sale.recorded_hash IS NULL
   AND NOT EXISTS (SELECT FROM member_identifier i
                    WHERE i.kind IN ('external', 'card', 'email', 'phone') AND i.value = staged_sale.member)
 GROUP BY staged_sale.member
 ORDER BY 3, 1
