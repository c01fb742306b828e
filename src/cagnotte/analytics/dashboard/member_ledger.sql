-- One page of a member's transfers, newest first, with their effect on the balance and the balance after each.
-- member_id bigint, page_size int, skipped int -> transfer_id, kind, wallet, happened_at, posted_at, sale_id,
--   note and made_by ("" where there is none), points (what the member gained or lost), balance (of the wallet, after it),
--   entries jsonb: [[account, points, lot_id], ...] in order
WITH moved AS (
    SELECT transfer_id, sum(points) FILTER (WHERE account = 'available') AS points,
           jsonb_agg(jsonb_build_array(account, points, lot_id) ORDER BY entry_no) AS entries
      FROM ledger_entry
     WHERE member_id = %(member_id)s
     GROUP BY transfer_id)
SELECT transfer.transfer_id, transfer.kind, transfer.wallet, transfer.happened_at, transfer.posted_at,
       transfer.sale_id, coalesce(transfer.note, ''), coalesce(transfer.made_by, ''),
       coalesce(moved.points, 0)::bigint,
       (sum(moved.points) OVER (PARTITION BY transfer.wallet
                                    ORDER BY transfer.happened_at, transfer.transfer_id))::bigint AS balance,
       moved.entries
  FROM ledger_transfer AS transfer
  JOIN moved USING (transfer_id)
 WHERE transfer.member_id = %(member_id)s
 ORDER BY transfer.happened_at DESC, transfer.transfer_id DESC
 LIMIT %(page_size)s OFFSET %(skipped)s
