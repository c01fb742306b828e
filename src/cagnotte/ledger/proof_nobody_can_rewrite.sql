-- Append-only (INV-02): the program's role cannot update or delete in the books, the triggers that refuse
-- it to every role are in place and enabled, and so is the one that wants entries to sum to zero.
-- most integer -> ('examined', tables, ''), then subject, expected, found
WITH books (name) AS (
    VALUES ('ledger_transfer'), ('ledger_entry'), ('ledger_lot_redated'), ('ledger_seal'), ('ledger_seal_run'),
           ('programme_version'), ('accounting_period'), ('accounting_lot'), ('accounting_portfolio'),
           ('accounting_entry'), ('accounting_liability'), ('accounting_receivable'), ('breakage_estimate'), ('sale_return'), ('sale_return_line'),
           ('sale_correction')
), wrong AS (
    SELECT name, 'cagnotte_app can read and add only', 'it can update, delete or truncate'
      FROM books, pg_roles
     WHERE rolname = 'cagnotte_app'
       AND (has_any_column_privilege(oid, name, 'UPDATE') OR has_table_privilege(oid, name, 'DELETE')
            OR has_table_privilege(oid, name, 'TRUNCATE'))
    UNION ALL
    SELECT name, 'the append-only trigger is enabled', 'it is missing or disabled'
      FROM books
     WHERE NOT EXISTS (SELECT FROM pg_trigger
                        WHERE tgrelid = name::regclass AND tgname = name || '_append_only' AND tgenabled = 'O')
    UNION ALL
    SELECT 'ledger_entry', 'the trigger that sums entries is enabled', 'it is missing or disabled'
     WHERE NOT EXISTS (SELECT FROM pg_trigger
                        WHERE tgrelid = 'ledger_entry'::regclass AND tgname = 'ledger_entries_balance' AND tgenabled = 'O')
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM books UNION ALL SELECT * FROM wrong
