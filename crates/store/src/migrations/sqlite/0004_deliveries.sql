-- What is owed to a subscription, until it was delivered, given up or called off; then what became of it.
CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    form_id INTEGER NOT NULL,
    webhook_id INTEGER NOT NULL,
    submission_id INTEGER NOT NULL,
    -- The seq of the change that it tells of.
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL,
    -- How often it was leased: the fencing token.
    attempt INTEGER NOT NULL,
    -- How many attempts came to an end.
    tries INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX deliveries_owed ON deliveries (webhook_id, due_at, seq) WHERE state = 'owed';
CREATE INDEX deliveries_leased ON deliveries (webhook_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, created_at);
CREATE INDEX deliveries_by_end ON deliveries (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    duration_ms INTEGER NOT NULL,
    response TEXT,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;
