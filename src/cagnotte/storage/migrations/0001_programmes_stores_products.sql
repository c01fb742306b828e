-- What a retailer describes before the first sale: the programme's versions, the stores, the products.

CREATE TABLE programme_version (
    programme      text        NOT NULL,
    version        integer     NOT NULL CHECK (version > 0),
    effective_from timestamptz NOT NULL,   -- sales from this instant on are judged by it
    published_at   timestamptz NOT NULL DEFAULT now(),
    document       text        NOT NULL,   -- the TOML text as it was published, never changed
    sha256         text        NOT NULL,
    PRIMARY KEY (programme, version),
    UNIQUE (programme, effective_from)
);

CREATE TABLE store (
    store_id    bigint PRIMARY KEY,
    external_id text   NOT NULL UNIQUE,
    name        text   NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE product (
    product_id bigint PRIMARY KEY,
    sku        text   NOT NULL UNIQUE,
    name       text   NOT NULL DEFAULT '',
    category   text   NOT NULL DEFAULT '',
    department text   NOT NULL DEFAULT '',
    brand      text   NOT NULL DEFAULT '',
    supplier   text   NOT NULL DEFAULT '',
    tags       text[] NOT NULL DEFAULT '{}'
);
