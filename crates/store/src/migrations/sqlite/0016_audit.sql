-- Who did what, when, to what. Rows are only ever added.
CREATE TABLE audit (
    account_id INTEGER NOT NULL,
    -- Later ones have higher numbers.
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('audit', 0);
