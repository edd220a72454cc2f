-- Uploaded files. The row is there before the bytes are and goes after them, so that no bytes are there without one.
CREATE TABLE files (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    form_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Since when no submission has it; null while one has.
    loose_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_by_form ON files (form_id, id);
CREATE INDEX files_loose ON files (loose_at) WHERE loose_at IS NOT NULL;

-- Which submissions have a file.
CREATE TABLE file_uses (
    account_id INTEGER NOT NULL,
    submission_id INTEGER NOT NULL,
    file_id TEXT NOT NULL REFERENCES files (id),
    PRIMARY KEY (account_id, submission_id, file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_uses_by_file ON file_uses (file_id);
