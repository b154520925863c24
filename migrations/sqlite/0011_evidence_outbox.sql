-- Local only: contents of evidence that the team's server has not got from this device.
CREATE TABLE evidence_outbox (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64)
) STRICT, WITHOUT ROWID;
