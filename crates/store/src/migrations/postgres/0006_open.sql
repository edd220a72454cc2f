-- When a form was made and last changed; unknown for those that were there before. One that was deleted is kept without its
-- names, since exports of it may be under way, and since its id must never be another's.
ALTER TABLE forms ADD COLUMN created_at BIGINT;
ALTER TABLE forms ADD COLUMN updated_at BIGINT;
ALTER TABLE forms ADD COLUMN deleted_at BIGINT;

-- What this server signs with, made at first use.
CREATE TABLE server_keys (
    name TEXT COLLATE "C" PRIMARY KEY,
    key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
