-- Answers that are small and have one index: they are written with every act, and nobody but the program reads them.

-- `body` is packed (storage/packing.py); a 0 before the bytes says that they are as they were. The hash of a request
-- keeps its first 16 bytes.
UPDATE idempotency_answer SET body = '\x00'::bytea || body, request_hash = substr(request_hash, 1, 16);

-- An answer is looked for by its key alone: whose it is, the answer says. So the key leads, as in `member_identifier`.
ALTER TABLE idempotency_answer DROP CONSTRAINT idempotency_answer_pkey;
ALTER TABLE idempotency_answer ADD PRIMARY KEY (key, member_id);
DROP INDEX idempotency_answer_by_key;

-- Old answers lie together: the ages of whole ranges of pages are enough to find them.
DROP INDEX idempotency_answer_age;
CREATE INDEX idempotency_answer_age ON idempotency_answer USING brin (created_at);
