-- Which of some sales are recorded by now.
-- sales text[] -> sale, member_id (negative: guest), content_hash
SELECT external_id, member_id, content_hash
  FROM sale
 WHERE external_id = ANY (%(sales)s)
