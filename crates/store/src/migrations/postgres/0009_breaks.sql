-- What stands between certain parts of a file, instead of what stands between all others: see artifacts.rs.
ALTER TABLE artifacts ADD COLUMN breaks BYTEA NOT NULL DEFAULT '';
