-- How a dialect shows a form, as far as that means nothing to anybody else: JSON that is kept as it came.
CREATE TABLE form_looks (
    form_id INTEGER NOT NULL REFERENCES forms (id),
    dialect TEXT NOT NULL,
    look TEXT NOT NULL,
    PRIMARY KEY (form_id, dialect)
) STRICT, WITHOUT ROWID;
