-- Exports that are made again and again, whenever it is their time.
CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    user_id INTEGER NOT NULL,
    form_id INTEGER NOT NULL REFERENCES forms (id),
    name TEXT NOT NULL,
    -- When it is due.
    timing TEXT NOT NULL,
    -- What is exported, and how whoever made the schedule said it.
    request TEXT NOT NULL,
    asked TEXT NOT NULL,
    -- Where the file goes, and what it takes to be let in there, encrypted.
    destination TEXT NOT NULL,
    secret BLOB,
    is_incremental INTEGER NOT NULL,
    is_paused INTEGER NOT NULL,
    -- Raised whenever something else is asked for.
    revision INTEGER NOT NULL,
    -- The seq of the form's change up to which everything was delivered.
    delivered_seq INTEGER,
    -- When it is due next, by the clocks of which time zone.
    next_at INTEGER,
    zone TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX schedules_by_account ON schedules (account_id, id);
CREATE INDEX schedules_by_form ON schedules (form_id);

-- What became of a schedule each time that it was due.
CREATE TABLE schedule_runs (
    id TEXT NOT NULL PRIMARY KEY,
    schedule_id TEXT NOT NULL REFERENCES schedules (id),
    account_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    is_manual INTEGER NOT NULL,
    state TEXT NOT NULL,
    -- How often it was leased: the fencing token.
    attempt INTEGER NOT NULL,
    -- How many attempts failed.
    tries INTEGER NOT NULL,
    -- Before when it is not tried again.
    ready_at INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER NOT NULL,
    -- Its export, with which revision of the schedule it was asked for, and since which change of the form.
    job_id TEXT,
    revision INTEGER NOT NULL,
    since_seq INTEGER,
    rows INTEGER,
    size_bytes INTEGER,
    file_name TEXT,
    delivered_to TEXT,
    error TEXT,
    started_at INTEGER,
    finished_at INTEGER
) STRICT;
-- A schedule has one run at a time.
CREATE UNIQUE INDEX schedule_runs_unfinished ON schedule_runs (schedule_id) WHERE finished_at IS NULL;
CREATE INDEX schedule_runs_by_schedule ON schedule_runs (schedule_id, id);
CREATE INDEX schedule_runs_ready ON schedule_runs (ready_at) WHERE finished_at IS NULL;
CREATE INDEX schedule_runs_by_end ON schedule_runs (finished_at) WHERE finished_at IS NOT NULL;
