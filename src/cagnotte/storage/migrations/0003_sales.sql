-- Sales with their lines. A guest's sale has an account of its own: a negative member_id made from the sale's id.

CREATE TABLE sale (
    member_id      bigint      NOT NULL,
    sale_id        bigint      NOT NULL,      -- made in Python, sorts by time of recording
    external_id    text        NOT NULL,      -- the caller's own id
    store_id       bigint      NOT NULL,
    happened_at    timestamptz NOT NULL,      -- the till's time
    happened_local timestamp   NOT NULL,      -- the same on the wall clock of the programme's time zone
    posted_at      timestamptz NOT NULL DEFAULT now(),
    channel        text        NOT NULL,
    paid_minor     bigint      NOT NULL,      -- sum of the lines, may be negative
    line_count     integer     NOT NULL CHECK (line_count >= 0),
    points_earned  bigint      NOT NULL DEFAULT 0 CHECK (points_earned >= 0),
    content_hash   bytea       NOT NULL,      -- tells a repeated sale from another one with the same id
    PRIMARY KEY (member_id, sale_id),
    UNIQUE (member_id, external_id)
);
CREATE INDEX sale_by_external_id ON sale (external_id);
CREATE INDEX sale_by_time ON sale (happened_local) INCLUDE (member_id, store_id, paid_minor);
CREATE INDEX sale_of_store ON sale (store_id, happened_local);

CREATE TABLE sale_line (
    member_id  bigint   NOT NULL,
    sale_id    bigint   NOT NULL,
    line_no    integer  NOT NULL CHECK (line_no > 0),
    product_id bigint   NOT NULL,
    quantity   integer  NOT NULL,
    paid_minor bigint   NOT NULL,
    PRIMARY KEY (member_id, sale_id, line_no)
);

-- What was decided for a sale, with the facts that it used: explained again years later.
CREATE TABLE sale_decision (
    member_id bigint  NOT NULL,
    sale_id   bigint  NOT NULL,
    programme text    NOT NULL,
    version   integer NOT NULL,
    facts     jsonb   NOT NULL,               -- {"tier": text or null, "balance": points} before the sale
    decision  jsonb   NOT NULL,               -- the effects and refusals as decided
    PRIMARY KEY (member_id, sale_id)
);
