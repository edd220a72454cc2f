-- What was asked for, hashed, where the same request is to be answered with the same job.
ALTER TABLE jobs ADD COLUMN digest TEXT COLLATE "C";
-- About how many rows it will look at, and when it is its turn.
ALTER TABLE jobs ADD COLUMN expected_rows BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN turn_at BIGINT NOT NULL DEFAULT 0;
-- Since when its latest attempt renders, and how many blocks were done then.
ALTER TABLE jobs ADD COLUMN rendering_since BIGINT;
ALTER TABLE jobs ADD COLUMN blocks_before BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_turn ON jobs (state, turn_at, number);
CREATE INDEX jobs_by_account ON jobs (account_id, number);
CREATE INDEX jobs_by_digest ON jobs (account_id, digest) WHERE digest IS NOT NULL;
