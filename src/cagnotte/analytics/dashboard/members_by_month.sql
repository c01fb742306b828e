-- Members enrolled up to a day: by month of a period, and before it.
-- first_day date, end_day date (day after the last) -> month date (null: before the period), members bigint
SELECT CASE WHEN enrolled_on >= %(first_day)s THEN date_trunc('month', enrolled_on::timestamp)::date END AS month,
       count(*)
  FROM member
 WHERE enrolled_on < %(end_day)s
 GROUP BY 1
