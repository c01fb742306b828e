-- The balance of the accounts at the end of each closed month, from all entries until then, is what its portfolios
-- owe, and what was allocated to them is what was allocated to their lots; entries balance, numbered without a gap. The
-- entries of a month change what each partner owes as it was kept, and the parts of a lot are the whole lot.
-- most integer -> ('examined', months, ''), then subject, expected, found
WITH booked AS (
    SELECT p.month, a.kind, a.role, coalesce(sum(e.credit_minor - e.debit_minor), 0) AS minor
      FROM accounting_period p
     CROSS JOIN (VALUES ('deferred', 'deferred'), ('provision', 'provision')) AS a (kind, role)
      LEFT JOIN accounting_entry e ON e.month <= p.month AND e.role = a.role
     GROUP BY p.month, a.kind, a.role
), owed AS (
    SELECT month, kind, sum(balance_minor) AS minor FROM accounting_portfolio GROUP BY month, kind
), numbered AS (
    SELECT p.month, p.entries, p.first_entry, lag(p.last_entry, 1, 0::bigint) OVER (ORDER BY p.month) + 1 AS due,
           (SELECT count(DISTINCT e.entry_no) FROM accounting_entry e
             WHERE e.month = p.month AND e.entry_no BETWEEN p.first_entry AND p.last_entry) AS found
      FROM accounting_period p
), periods AS (
    SELECT month, lag(month) OVER (ORDER BY month) AS before,
           with_partners AND lag(with_partners, 1, true) OVER (ORDER BY month) AS is_kept
      FROM accounting_period
), owing AS (
    SELECT p.month, of.partner, coalesce(now.amount_minor, 0) - coalesce(was.amount_minor, 0) AS due,
           coalesce(sum(e.debit_minor - e.credit_minor), 0) AS booked
      FROM periods p
     CROSS JOIN LATERAL (SELECT partner FROM accounting_receivable WHERE month IN (p.month, p.before)
                          UNION SELECT partner FROM accounting_entry WHERE month = p.month AND role = 'receivable') of
      LEFT JOIN accounting_receivable now ON now.month = p.month AND now.partner = of.partner
      LEFT JOIN accounting_receivable was ON was.month = p.before AND was.partner = of.partner
      LEFT JOIN accounting_entry e ON e.month = p.month AND e.role = 'receivable' AND e.partner = of.partner
     WHERE p.is_kept
     GROUP BY p.month, of.partner, now.amount_minor, was.amount_minor
), wrong AS (
    SELECT format('%%s, %%s', to_char(b.month, 'YYYY-MM'), b.kind), format('a balance of %%s', coalesce(o.minor, 0)),
           format('entries of %%s', b.minor)
      FROM booked b LEFT JOIN owed o ON o.month = b.month AND o.kind = b.kind
     WHERE b.minor <> coalesce(o.minor, 0)
    UNION ALL
    SELECT to_char(p.month, 'YYYY-MM'), format('lots of %%s', l.minor), format('portfolios of %%s', s.minor)
      FROM accounting_period p
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor), 0) AS minor
                           FROM accounting_lot WHERE month <= p.month) l
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor + taken_minor + sent_minor), 0) AS minor
                           FROM accounting_portfolio WHERE month = p.month) s
     WHERE l.minor <> s.minor
    UNION ALL
    SELECT to_char(month, 'YYYY-MM'), format('%%s entries from number %%s on', entries, due),
           format('%%s from number %%s on', found, first_entry)
      FROM numbered WHERE found <> entries OR first_entry <> due
    UNION ALL
    SELECT format('%%s, partner %%s', to_char(month, 'YYYY-MM'), partner), format('%%s more owed', due),
           format('entries of %%s', booked)
      FROM owing WHERE due <> booked
    UNION ALL
    SELECT format('member %%s, lot %%s', member_id, lot_id), format('parts of %%s points', max(lot_points)),
           format('%%s', sum(points))
      FROM accounting_lot WHERE lot_points IS NOT NULL
     GROUP BY member_id, lot_id HAVING sum(points) <> max(lot_points)
    UNION ALL
    SELECT format('entry %%s', entry_no), format('a credit of %%s', sum(debit_minor)), format('%%s', sum(credit_minor))
      FROM accounting_entry GROUP BY entry_no HAVING sum(debit_minor) <> sum(credit_minor)
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM accounting_period UNION ALL SELECT * FROM wrong
