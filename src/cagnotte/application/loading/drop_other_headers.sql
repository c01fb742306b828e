-- The first row of a sale says whose it is, where and when; rows of the same sale that say otherwise are refused.
-- -> line_no, sale, line_no of the first row
WITH mixed AS (
    SELECT sale FROM staged
     GROUP BY sale
    HAVING min(at) <> max(at) OR min(local) <> max(local) OR min(store) <> max(store)
        OR min(channel) <> max(channel)
        OR min(coalesce(member, '')) <> max(coalesce(member, ''))
), first AS (
    SELECT DISTINCT ON (sale) sale, line_no, at, local, store, channel, member
      FROM staged JOIN mixed USING (sale)
     ORDER BY sale, line_no
)
DELETE FROM staged USING first
 WHERE staged.sale = first.sale
   AND (staged.at, staged.local, staged.store, staged.channel, coalesce(staged.member, ''))
       <> (first.at, first.local, first.store, first.channel, coalesce(first.member, ''))
RETURNING staged.line_no, staged.sale, first.line_no
