-- What is owed to a subscription, until it was delivered, given up or called off; then what became of it.
CREATE TABLE deliveries (
    id TEXT COLLATE "C" PRIMARY KEY,
    account_id BIGINT NOT NULL,
    form_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    submission_id BIGINT NOT NULL,
    -- The seq of the change that it tells of.
    seq BIGINT NOT NULL,
    event TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    state TEXT NOT NULL,
    -- How often it was leased: the fencing token.
    attempt BIGINT NOT NULL,
    -- How many attempts came to an end.
    tries BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    owner TEXT COLLATE "C",
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX deliveries_owed ON deliveries (webhook_id, due_at, seq) WHERE state = 'owed';
CREATE INDEX deliveries_leased ON deliveries (webhook_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, created_at);
CREATE INDEX deliveries_by_end ON deliveries (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE attempts (
    delivery_id TEXT COLLATE "C" NOT NULL REFERENCES deliveries (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    duration_ms BIGINT NOT NULL,
    response TEXT,
    PRIMARY KEY (delivery_id, number)
);
