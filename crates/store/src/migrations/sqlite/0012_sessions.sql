-- Who is signed in to the console, and who may sign in by a link: both by the hash of a secret.
CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    is_link INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
