-- Profiles that were replaced or deleted: as they were from `seq` until `replaced_seq`.
CREATE TABLE profile_versions (
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    replaced_seq BIGINT NOT NULL,
    replaced_at BIGINT NOT NULL,
    email TEXT,
    phones TEXT NOT NULL,
    status TEXT,
    fields TEXT NOT NULL,
    PRIMARY KEY (audience_id, id, seq)
);
CREATE INDEX profile_versions_by_age ON profile_versions (replaced_at);

-- What a profile is found by: its e-mail address and its phone numbers, each in one spelling.
CREATE TABLE profile_keys (
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    key TEXT COLLATE "C" NOT NULL,
    profile_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (audience_id, key, profile_id)
);

-- What a job has written of a file of profiles: each part ends with the profile `last_id`, and has no blob where nobody
-- in it was wanted. The last part has no `last_id`.
CREATE TABLE profile_parts (
    job_id TEXT COLLATE "C" NOT NULL REFERENCES jobs (id),
    position BIGINT NOT NULL,
    last_id TEXT,
    blob_id TEXT COLLATE "C" NOT NULL,
    blob TEXT,
    rows BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (job_id, position)
);
CREATE INDEX profile_parts_by_blob ON profile_parts (blob_id);
