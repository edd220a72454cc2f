-- When a token was made and about when it was last used, as far as that is known.
ALTER TABLE tokens ADD COLUMN created_at BIGINT;
ALTER TABLE tokens ADD COLUMN used_at BIGINT;
