-- How a dialect shows a form, as far as that means nothing to anybody else: JSON that is kept as it came.
CREATE TABLE form_looks (
    form_id BIGINT NOT NULL REFERENCES forms (id),
    dialect TEXT COLLATE "C" NOT NULL,
    look TEXT NOT NULL,
    PRIMARY KEY (form_id, dialect)
);
