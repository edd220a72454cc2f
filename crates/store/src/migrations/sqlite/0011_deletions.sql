-- Submissions that were deleted, for as long as their form is there.
CREATE TABLE deletions (
    key INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

-- Up to which of a form's changes what was replaced may have been dropped, and what was deleted is not known. Nothing is
-- said of a form of which everything is known.
CREATE TABLE known_since (
    form_id INTEGER PRIMARY KEY REFERENCES forms (id),
    versions_seq INTEGER NOT NULL,
    deletions_seq INTEGER NOT NULL
) STRICT;
INSERT INTO known_since (form_id, versions_seq, deletions_seq) SELECT form_id, seq, seq FROM form_counters;
