-- From when to when there are sales, on the wall clock of the programme's time zone.
-- -> first_day date, last_day date; both null when there is no sale
SELECT min(happened_local)::date, max(happened_local)::date
  FROM sale
