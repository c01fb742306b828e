-- Members who bought in one store in a span of days, and members whose home store it is.
-- store_id bigint, first_day date, end_day date (day after the last) -> active bigint, home bigint
SELECT (SELECT count(DISTINCT member_id)
          FROM sale
         WHERE store_id = %(store_id)s
           AND happened_local >= %(first_day)s::timestamp
           AND happened_local < %(end_day)s::timestamp
           AND member_id > 0),
       (SELECT count(*) FROM member WHERE home_store_id = %(store_id)s)
