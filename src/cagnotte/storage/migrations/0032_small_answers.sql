-- Answers that are small and have one index: they are written with every act, and nobody but the program reads them.

-- `body` is packed (storage/packing.py); a 0 before the bytes says that they are as they were. The hash of a request
-- keeps its first 8 bytes: it is compared with one other, never looked for.
UPDATE idempotency_answer SET body = '\x00'::bytea || body, request_hash = substr(request_hash, 1, 8);

-- An answer is looked for by its key alone, and a key is answered once: whose the answer is, it says itself. Of a key that
-- was used again after its answer was too old to count, by another member, the last answer stays.
DELETE FROM idempotency_answer AS older
 USING idempotency_answer AS newer
 WHERE newer.key = older.key
   AND (newer.created_at, newer.member_id) > (older.created_at, older.member_id);
ALTER TABLE idempotency_answer DROP CONSTRAINT idempotency_answer_pkey;
ALTER TABLE idempotency_answer ADD PRIMARY KEY (key);
DROP INDEX idempotency_answer_by_key;

-- Nothing looks for answers by their age; what clears them away one day reads the table from end to end.
DROP INDEX idempotency_answer_age;
