-- Submissions that were deleted, for as long as their form is there.
CREATE TABLE deletions (
    key BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (key, seq)
);

-- Up to which of a form's changes what was replaced may have been dropped, and what was deleted is not known. Nothing is
-- said of a form of which everything is known.
CREATE TABLE known_since (
    form_id BIGINT PRIMARY KEY REFERENCES forms (id),
    versions_seq BIGINT NOT NULL,
    deletions_seq BIGINT NOT NULL
);
INSERT INTO known_since (form_id, versions_seq, deletions_seq) SELECT form_id, seq, seq FROM form_counters;
