-- Times are microseconds of UTC. Documents (items, slots, labels, …) are JSON texts, written by `document.rs`.
-- A text in a key is compared by its bytes (COLLATE "C"), as on SQLite, and whatever the locale of the machine.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    user_dir TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    next_submission_id BIGINT NOT NULL
);

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    email TEXT NOT NULL,
    name TEXT
);

CREATE TABLE tokens (
    hash TEXT COLLATE "C" PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    abilities TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX tokens_by_account ON tokens (account_id, position);

CREATE TABLE audiences (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    fields TEXT NOT NULL,
    -- Counts the changes of its profiles and of the lists of its segments.
    seq BIGINT NOT NULL,
    -- How many profiles it has.
    profiles BIGINT NOT NULL
);

CREATE TABLE profiles (
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    email TEXT,
    phones TEXT NOT NULL,
    status TEXT,
    fields TEXT NOT NULL,
    PRIMARY KEY (audience_id, id)
);

CREATE TABLE segments (
    id BIGINT PRIMARY KEY,
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    name TEXT NOT NULL,
    query TEXT
);

-- Who is in a fixed segment: since `added_seq` of its audience, and until `removed_seq`.
CREATE TABLE segment_profiles (
    segment_id BIGINT NOT NULL REFERENCES segments (id),
    position BIGINT NOT NULL,
    profile_id TEXT COLLATE "C" NOT NULL,
    added_seq BIGINT NOT NULL,
    removed_seq BIGINT,
    removed_at BIGINT,
    PRIMARY KEY (segment_id, position)
);
CREATE INDEX segment_profiles_by_profile ON segment_profiles (profile_id, segment_id);
CREATE INDEX segment_profiles_by_removal ON segment_profiles (removed_at);
CREATE INDEX segment_profiles_in_order ON segment_profiles (segment_id, profile_id);

CREATE TABLE forms (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    shortname TEXT COLLATE "C" NOT NULL UNIQUE,
    directory TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    state TEXT NOT NULL,
    timezone TEXT,
    partial BIGINT NOT NULL,
    items TEXT NOT NULL,
    slots TEXT NOT NULL,
    UNIQUE (account_id, directory)
);

-- What an export's columns were when it was asked for, whatever becomes of the form since.
CREATE TABLE form_revisions (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    revision BIGINT NOT NULL,
    items TEXT NOT NULL,
    slots TEXT NOT NULL,
    PRIMARY KEY (form_id, revision)
);

-- What changes with every submission, apart from the form itself, which seldom does.
CREATE TABLE form_counters (
    form_id BIGINT PRIMARY KEY REFERENCES forms (id),
    revision BIGINT NOT NULL,
    next_ordinal BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    -- How many subscriptions of the form are in force: a commit learns it with the ordinals.
    webhooks BIGINT NOT NULL
);

CREATE TABLE results_labels (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    labels TEXT NOT NULL,
    PRIMARY KEY (form_id, id)
);

CREATE TABLE results_views (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (form_id, id)
);

-- Subscriptions of two kinds: a `result` is known by its URL, an `integration` by its id. The ids of both never meet.
CREATE TABLE webhooks (
    id BIGINT PRIMARY KEY,
    form_id BIGINT NOT NULL REFERENCES forms (id),
    kind TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    event TEXT NOT NULL,
    handshake_key TEXT,
    is_active BIGINT NOT NULL,
    secret TEXT,
    headers TEXT,
    created_at BIGINT,
    updated_at BIGINT
);
CREATE UNIQUE INDEX webhooks_by_url ON webhooks (form_id, url) WHERE kind = 'result';
CREATE INDEX webhooks_by_form ON webhooks (form_id, id);

-- The key is the form's id in the upper 32 bits and the ordinal in the lower: a form's rows are one range, in order.
CREATE TABLE submissions (
    key BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE UNIQUE INDEX submissions_by_id ON submissions (account_id, id);

-- Rows that were replaced or deleted: as they were from `seq` until `replaced_seq`.
CREATE TABLE versions (
    key BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    replaced_seq BIGINT NOT NULL,
    replaced_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (key, seq)
);
CREATE INDEX versions_by_age ON versions (replaced_at);

-- The bounds only widen: they hold for every submission that was ever in the block.
CREATE TABLE blocks (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    block BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    rows BIGINT NOT NULL,
    first_finish BIGINT,
    last_finish BIGINT,
    first_update BIGINT,
    last_update BIGINT,
    first_id BIGINT,
    last_id BIGINT,
    first_change BIGINT,
    last_change BIGINT,
    PRIMARY KEY (form_id, block)
);

CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT NOT NULL,
    response TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE counters (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('export_number', 20000), ('token_position', 0),
    ('integration_id', 0), ('webhook_id', 1099511627776);

-- A job is about a form or about an audience: one of the two is null.
CREATE TABLE jobs (
    id TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    form_id BIGINT REFERENCES forms (id),
    audience_id BIGINT REFERENCES audiences (id),
    kind TEXT NOT NULL,
    request TEXT NOT NULL,
    snapshot_seq BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempt BIGINT NOT NULL,
    barren_attempts BIGINT NOT NULL,
    owner TEXT,
    lease_until BIGINT NOT NULL,
    heartbeat_at BIGINT,
    blocks_total BIGINT NOT NULL,
    rows_total BIGINT NOT NULL,
    error TEXT,
    artifact_id TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX jobs_by_lease ON jobs (state, lease_until);
CREATE INDEX jobs_by_end ON jobs (finished_at);

-- One block rendered once. `blob` is null where no row of the block was selected.
CREATE TABLE renditions (
    id TEXT COLLATE "C" PRIMARY KEY,
    form_id BIGINT NOT NULL REFERENCES forms (id),
    block BIGINT NOT NULL,
    version BIGINT NOT NULL,
    layout TEXT COLLATE "C" NOT NULL,
    blob TEXT,
    rows BIGINT NOT NULL,
    raw_bytes BIGINT NOT NULL,
    deflated_bytes BIGINT NOT NULL,
    crc32 BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    UNIQUE (form_id, block, version, layout)
);
CREATE INDEX renditions_by_use ON renditions (used_at);

-- What a job has finished, and what its artifact is made of.
CREATE TABLE parts (
    job_id TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
    position BIGINT NOT NULL,
    rendition_id TEXT COLLATE "C" NOT NULL REFERENCES renditions (id),
    PRIMARY KEY (job_id, position)
);
CREATE INDEX parts_by_rendition ON parts (rendition_id);

CREATE TABLE artifacts (
    id TEXT COLLATE "C" PRIMARY KEY,
    account_id BIGINT NOT NULL,
    job_id TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
    content_key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    rows BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    head BYTEA NOT NULL,
    joint BYTEA NOT NULL,
    tail BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX artifacts_by_job ON artifacts (job_id);
CREATE INDEX artifacts_by_content ON artifacts (content_key);
CREATE INDEX artifacts_by_expiry ON artifacts (expires_at);
