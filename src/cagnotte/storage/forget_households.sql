-- All members of these households were looked at; one that was marked since stays.
-- households text[], changes bigint[] (as they were before the first member was looked at): arrays of one length
DELETE FROM household_due
 USING unnest(%(households)s::text[], %(changes)s::bigint[]) AS seen (household, changes)
 WHERE household_due.household = seen.household
   AND household_due.changes = seen.changes
