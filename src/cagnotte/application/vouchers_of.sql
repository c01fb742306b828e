-- A member's vouchers, newest first.
-- member_id bigint -> voucher_id, conversion, amount_minor, currency, issued_on, expires_on (null: never)
SELECT voucher_id, conversion, amount_minor, currency, issued_on, expires_on
  FROM voucher
 WHERE member_id = %(member_id)s
 ORDER BY voucher_id DESC
