-- Every entry belongs to a transfer of its wallet and time, and every transfer has a member's side and the
-- one of its kind, in the right direction.
-- most integer -> ('examined', transfers, ''), then subject, expected, found
WITH terms (kind, own, others, gives) AS (
    VALUES ('earn', 'available', '{issued}'::text[], true), ('given', 'available', '{adjusted}', true),
           ('given_back', 'available', '{redeemed}', true), ('conversion', 'available', '{redeemed}', false),
           ('burn', 'available', '{redeemed}', false), ('payment', 'available', '{redeemed}', false),
           ('expiry', 'available', '{expired}', false), ('idle', 'available', '{expired}', false),
           ('clawback', 'available', '{issued}', false), ('adjustment', 'available', '{adjusted}', false),
           ('debt', 'available', '{debt}', false), ('owed', 'debt', '{issued,redeemed,adjusted}', false),
           ('opening', 'available', '{migrated}', true), ('received', 'available', '{transferred}', true),
           ('exchanged', 'available', '{exchanged}', true), ('bought', 'available', '{issued}', true),
           ('freed', 'available', '{held}', true), ('reinstated', 'available', '{expired}', true),
           ('hold', 'available', '{held}', false), ('confirmed', 'held', '{redeemed}', false),
           ('correction', 'available', '{issued}', NULL), ('funded', 'partner', '{funded}', NULL),
           ('sent', 'available', '{transferred}', false), ('exchange', 'available', '{exchanged}', false),
           ('pooled', 'available', '{transferred}', false), ('from_pool', 'available', '{transferred}', true)
), counted AS (
    SELECT e.member_id, e.transfer_id, count(*) FILTER (WHERE e.account = terms.own) AS own,
           count(*) FILTER (WHERE e.account <> terms.own) AS other,
           bool_and(e.wallet = t.wallet AND e.happened_at = t.happened_at
                    AND (e.account = terms.own OR e.account = ANY (terms.others))
                    AND (terms.gives IS NULL OR (e.points > 0) = ((e.account = terms.own) = terms.gives))) AS same
      FROM ledger_entry e
      LEFT JOIN ledger_transfer t ON t.member_id = e.member_id AND t.transfer_id = e.transfer_id
      LEFT JOIN terms ON terms.kind = t.kind
     GROUP BY e.member_id, e.transfer_id
), wrong AS (
    SELECT format('member %%s, transfer %%s', coalesce(t.member_id, c.member_id), coalesce(t.transfer_id, c.transfer_id)),
           'a transfer with both sides, of its kind, wallet and time',
           format('%%s own entries, %%s others%%s', coalesce(c.own, 0), coalesce(c.other, 0),
                  CASE WHEN c.same IS FALSE THEN ', not of its kind, wallet and time' END)
      FROM ledger_transfer t
      FULL JOIN counted c ON c.member_id = t.member_id AND c.transfer_id = t.transfer_id
     WHERE t.transfer_id IS NULL OR c.transfer_id IS NULL OR c.own = 0 OR c.other <> 1 OR c.same IS NOT TRUE
     LIMIT %(most)s
)
SELECT 'examined', count(*)::text, '' FROM ledger_transfer UNION ALL SELECT * FROM wrong
