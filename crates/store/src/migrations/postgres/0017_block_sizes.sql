-- How many bytes the rows of a block have, so that they can be read in parts without being counted first.
ALTER TABLE blocks ADD COLUMN size_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE blocks SET size_bytes = (
    SELECT COALESCE(SUM(LENGTH(body)), 0) FROM submissions
    WHERE key >= (form_id << 32) + block * 8192 AND key < (form_id << 32) + (block + 1) * 8192
);
