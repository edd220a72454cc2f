-- Who filled what: digests of what a submission says about whom it is from.
CREATE TABLE matches (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    value TEXT COLLATE "C" NOT NULL,
    key BIGINT NOT NULL,
    PRIMARY KEY (form_id, value, key)
);
CREATE INDEX matches_by_key ON matches (key);
