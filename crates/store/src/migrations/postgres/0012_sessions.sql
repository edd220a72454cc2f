-- Who is signed in to the console, and who may sign in by a link: both by the hash of a secret.
CREATE TABLE sessions (
    hash TEXT COLLATE "C" PRIMARY KEY,
    is_link BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
