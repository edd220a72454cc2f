-- Who did what, when, to what. Rows are only ever added.
CREATE TABLE audit (
    account_id BIGINT NOT NULL,
    -- Later ones have higher numbers.
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (account_id, number)
);
INSERT INTO counters (name, value) VALUES ('audit', 0);
