-- Somebody of these households did what tiers count: the daily run is to look at all their members.
-- households text[], days date[]: arrays of one length, each household once; their measures are locked.
INSERT INTO household_due (household, due_on)
SELECT household, day
  FROM unnest(%(households)s::text[], %(days)s::date[]) AS given (household, day)
ON CONFLICT (household) DO UPDATE
   SET due_on = least(household_due.due_on, excluded.due_on), changes = household_due.changes + 1
