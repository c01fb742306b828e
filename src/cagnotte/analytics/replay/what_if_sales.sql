-- The sales of one file of a history under the names that rules read, of which some was paid. DuckDB.
-- table events: the file's rows with sale_id -> view sales
CREATE OR REPLACE TEMP VIEW sales AS
SELECT sale_id, epoch("at")::BIGINT // 86400 AS day, isodow("at") AS weekday, month("at") AS month,
       day("at") AS day_of_month, year("at") AS year, hour("at") AS hour, minute("at") AS minute,
       store, channel, region, till, paid,
       coalesce(list_sum(list_transform(list_zip(listed, line_paid),
                                        lambda pair: coalesce(pair[1], pair[2]))), paid)::BIGINT AS list_price,
       delivery, paid AS eligible__paid, list_sum(quantity)::BIGINT AS eligible__quantity,
       len(list_distinct(list_transform(list_filter(list_zip(product, quantity), lambda pair: pair[2] > 0),
                                        lambda pair: pair[1])))::BIGINT AS eligible__products,
       coalesce(coupons, []) AS coupons
  FROM events
