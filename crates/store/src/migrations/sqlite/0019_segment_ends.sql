-- When a segment was deleted. Its row stays, without its name and its query, so that nobody else ever has its id.
ALTER TABLE segments ADD COLUMN deleted_at INTEGER;
