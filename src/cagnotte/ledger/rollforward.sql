-- What the entries of a closed month changed, and what stood before it: of deferred revenue and of the provision (credit
-- less debit), and of what partners owe (debit less credit).
-- month date -> role, partner ('': members, or nobody), nature (null: all before the month), minor, each not 0
SELECT e.role, e.partner, CASE WHEN e.month = %(month)s THEN e.nature END,
       sum(CASE WHEN e.role = 'receivable' THEN e.debit_minor - e.credit_minor
                ELSE e.credit_minor - e.debit_minor END)::bigint AS minor
  FROM accounting_entry e
 WHERE e.month <= %(month)s AND e.role IN ('deferred', 'provision', 'receivable')
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3 NULLS FIRST
