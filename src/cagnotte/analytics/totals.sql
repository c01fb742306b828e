-- Totals of all that happened up to and with an instant.
-- as_of timestamptz -> members (with an enrolment up to then), stores (with a sale), sales, lines, paid_minor,
--   points issued, burned, expired, outstanding (over all wallets), vouchers
WITH sold AS (
    SELECT count(*) AS sales, coalesce(sum(line_count), 0)::bigint AS lines,
           coalesce(sum(paid_minor), 0)::bigint AS paid_minor, count(DISTINCT store_id) AS stores
      FROM sale WHERE happened_at <= %(as_of)s
), moved AS (
    SELECT coalesce(-sum(points) FILTER (WHERE account = 'issued'), 0)::bigint AS issued,
           coalesce(sum(points) FILTER (WHERE account = 'redeemed'), 0)::bigint AS burned,
           coalesce(sum(points) FILTER (WHERE account = 'expired'), 0)::bigint AS expired,
           -- what the members hold, set aside or not: entries sum to zero
           coalesce(-sum(points) FILTER (WHERE account <> 'held'), 0)::bigint AS outstanding
      FROM ledger_entry WHERE happened_at <= %(as_of)s AND account <> 'available'
)
SELECT (SELECT count(*) FROM member WHERE enrolled_at <= %(as_of)s),
       sold.stores, sold.sales, sold.lines, sold.paid_minor,
       moved.issued, moved.burned, moved.expired, moved.outstanding,
       (SELECT count(*) FROM voucher WHERE issued_at <= %(as_of)s)
  FROM sold, moved
