-- When a form was made and last changed; unknown for those that were there before. One that was deleted is kept without its
-- names, since exports of it may be under way, and since its id must never be another's.
ALTER TABLE forms ADD COLUMN created_at INTEGER;
ALTER TABLE forms ADD COLUMN updated_at INTEGER;
ALTER TABLE forms ADD COLUMN deleted_at INTEGER;

-- What this server signs with, made at first use.
CREATE TABLE server_keys (
    name TEXT NOT NULL PRIMARY KEY,
    key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
