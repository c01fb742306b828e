-- Identifiers that point to no member, with the local day of the first sale: they enrol then.
-- -> identifier, day
SELECT staged_sale.member, min(staged_sale.local)::date
  FROM staged_sale
 WHERE staged_sale.member IS NOT NULL
   AND NOT EXISTS (SELECT FROM member_identifier i
                    WHERE i.kind IN ('external', 'card', 'email', 'phone') AND i.value = staged_sale.member)
 GROUP BY staged_sale.member
 ORDER BY 2, 1
