-- The seq of each form's last change in each second in which it was changed.
CREATE TABLE moments (
    form_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (form_id, at)
) STRICT, WITHOUT ROWID;
INSERT INTO moments SELECT form_id, CAST(strftime('%s', 'now') AS INTEGER) * 1000000, seq FROM form_counters;
