-- Times are microseconds of UTC. Documents (items, slots, labels, …) are JSON texts, written by `document.rs`.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    user_dir TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    next_submission_id INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    name TEXT
) STRICT;

CREATE TABLE tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    abilities TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_account ON tokens (account_id, position);

CREATE TABLE audiences (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    fields TEXT NOT NULL,
    -- Counts the changes of its profiles and of the lists of its segments.
    seq INTEGER NOT NULL,
    -- How many profiles it has.
    profiles INTEGER NOT NULL
) STRICT;

CREATE TABLE profiles (
    audience_id INTEGER NOT NULL REFERENCES audiences (id),
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    email TEXT,
    phones TEXT NOT NULL,
    status TEXT,
    fields TEXT NOT NULL,
    PRIMARY KEY (audience_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    audience_id INTEGER NOT NULL REFERENCES audiences (id),
    name TEXT NOT NULL,
    query TEXT
) STRICT;

-- Who is in a fixed segment: since `added_seq` of its audience, and until `removed_seq`.
CREATE TABLE segment_profiles (
    segment_id INTEGER NOT NULL REFERENCES segments (id),
    position INTEGER NOT NULL,
    profile_id TEXT NOT NULL,
    added_seq INTEGER NOT NULL,
    removed_seq INTEGER,
    removed_at INTEGER,
    PRIMARY KEY (segment_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_profiles_by_profile ON segment_profiles (profile_id, segment_id);
CREATE INDEX segment_profiles_by_removal ON segment_profiles (removed_at);
CREATE INDEX segment_profiles_in_order ON segment_profiles (segment_id, profile_id);

CREATE TABLE forms (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    shortname TEXT NOT NULL UNIQUE,
    directory TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    state TEXT NOT NULL,
    timezone TEXT,
    partial INTEGER NOT NULL,
    items TEXT NOT NULL,
    slots TEXT NOT NULL,
    UNIQUE (account_id, directory)
) STRICT;

-- What an export's columns were when it was asked for, whatever becomes of the form since.
CREATE TABLE form_revisions (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    revision INTEGER NOT NULL,
    items TEXT NOT NULL,
    slots TEXT NOT NULL,
    PRIMARY KEY (form_id, revision)
) STRICT, WITHOUT ROWID;

-- What changes with every submission, apart from the form itself, which seldom does.
CREATE TABLE form_counters (
    form_id INTEGER PRIMARY KEY REFERENCES forms (id),
    revision INTEGER NOT NULL,
    next_ordinal INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    -- How many subscriptions of the form are in force: a commit learns it with the ordinals.
    webhooks INTEGER NOT NULL
) STRICT;

CREATE TABLE results_labels (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (form_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE results_views (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (form_id, id)
) STRICT, WITHOUT ROWID;

-- Subscriptions of two kinds: a `result` is known by its URL, an `integration` by its id. The ids of both never meet.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    form_id INTEGER NOT NULL REFERENCES forms (id),
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    event TEXT NOT NULL,
    handshake_key TEXT,
    is_active INTEGER NOT NULL,
    secret TEXT,
    headers TEXT,
    created_at INTEGER,
    updated_at INTEGER
) STRICT;
CREATE UNIQUE INDEX webhooks_by_url ON webhooks (form_id, url) WHERE kind = 'result';
CREATE INDEX webhooks_by_form ON webhooks (form_id, id);

-- The key is the form's id in the upper 32 bits and the ordinal in the lower: a form's rows are one range, in order.
CREATE TABLE submissions (
    key INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX submissions_by_id ON submissions (account_id, id);

-- Rows that were replaced or deleted: as they were from `seq` until `replaced_seq`.
CREATE TABLE versions (
    key INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    replaced_seq INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_age ON versions (replaced_at);

-- The bounds only widen: they hold for every submission that was ever in the block.
CREATE TABLE blocks (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    block INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    first_finish INTEGER,
    last_finish INTEGER,
    first_update INTEGER,
    last_update INTEGER,
    first_id INTEGER,
    last_id INTEGER,
    first_change INTEGER,
    last_change INTEGER,
    PRIMARY KEY (form_id, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    account_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    response TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('export_number', 20000), ('token_position', 0),
    ('integration_id', 0), ('webhook_id', 1099511627776);

-- A job is about a form or about an audience: one of the two is null.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    account_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    form_id INTEGER REFERENCES forms (id),
    audience_id INTEGER REFERENCES audiences (id),
    kind TEXT NOT NULL,
    request TEXT NOT NULL,
    snapshot_seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    barren_attempts INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER NOT NULL,
    heartbeat_at INTEGER,
    blocks_total INTEGER NOT NULL,
    rows_total INTEGER NOT NULL,
    error TEXT,
    artifact_id TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX jobs_by_lease ON jobs (state, lease_until);
CREATE INDEX jobs_by_end ON jobs (finished_at);

-- One block rendered once. `blob` is null where no row of the block was selected.
CREATE TABLE renditions (
    id TEXT PRIMARY KEY,
    form_id INTEGER NOT NULL REFERENCES forms (id),
    block INTEGER NOT NULL,
    version INTEGER NOT NULL,
    layout TEXT NOT NULL,
    blob TEXT,
    rows INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL,
    deflated_bytes INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    UNIQUE (form_id, block, version, layout)
) STRICT, WITHOUT ROWID;
CREATE INDEX renditions_by_use ON renditions (used_at);

-- What a job has finished, and what its artifact is made of.
CREATE TABLE parts (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    position INTEGER NOT NULL,
    rendition_id TEXT NOT NULL REFERENCES renditions (id),
    PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_by_rendition ON parts (rendition_id);

CREATE TABLE artifacts (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    job_id TEXT NOT NULL REFERENCES jobs (id),
    content_key TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    rows INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    head BLOB NOT NULL,
    joint BLOB NOT NULL,
    tail BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX artifacts_by_job ON artifacts (job_id);
CREATE INDEX artifacts_by_content ON artifacts (content_key);
CREATE INDEX artifacts_by_expiry ON artifacts (expires_at);
