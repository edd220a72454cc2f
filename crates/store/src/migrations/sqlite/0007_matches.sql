-- Who filled what: digests of what a submission says about whom it is from.
CREATE TABLE matches (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    value TEXT NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (form_id, value, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX matches_by_key ON matches (key);
