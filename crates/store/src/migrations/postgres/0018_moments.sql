-- The seq of each form's last change in each second in which it was changed.
CREATE TABLE moments (
    form_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (form_id, at)
);
INSERT INTO moments SELECT form_id, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000000, seq FROM form_counters;
