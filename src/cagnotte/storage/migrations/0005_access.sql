-- Who calls the API, and the answers already given.

CREATE TABLE api_key (
    prefix     text PRIMARY KEY,              -- the part before the dot, shown in lists
    secret_sha256 bytea NOT NULL,
    name       text NOT NULL,
    scopes     text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE TABLE idempotency_answer (
    member_id    bigint NOT NULL,
    key          text   NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea  NOT NULL,
    status       smallint NOT NULL,
    body         bytea  NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (member_id, key)
);
CREATE INDEX idempotency_answer_by_key ON idempotency_answer (key);
CREATE INDEX idempotency_answer_age ON idempotency_answer (created_at);
