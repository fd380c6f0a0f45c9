-- Four tables that only grow. Numbers of moments are milliseconds since 1970, UTC.

-- Documents by what they are: the same bytes are stored once.
CREATE TABLE registry_documents (
    digest TEXT NOT NULL PRIMARY KEY,
    content BYTEA NOT NULL
);

-- A version as it was published. Of the rows of one name the last counts: a shipped version that is not frozen has more than one, and a
-- centre's that it shared later, of the same bytes. Each names the row it replaces, so that no two can replace the same.
CREATE TABLE registry_versions (
    revision BIGINT NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES registry_documents (digest),
    cases_digest TEXT NOT NULL REFERENCES registry_documents (digest),
    certificate BYTEA NOT NULL,
    centre TEXT NOT NULL,
    shared BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    at BIGINT NOT NULL,
    replaces BIGINT NOT NULL,
    UNIQUE (protocol, version, replaces)
);

-- A move of a label. Each names the move it follows, 0 for the first, so that no two can follow the same.
CREATE TABLE registry_moves (
    revision BIGINT NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    label TEXT NOT NULL,
    owner TEXT NOT NULL,
    version TEXT NOT NULL,
    centre TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    follows BIGINT NOT NULL,
    UNIQUE (protocol, label, owner, follows)
);

CREATE TABLE registry_archivals (
    revision BIGINT NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    version TEXT NOT NULL,
    centre TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (protocol, version)
);

CREATE FUNCTION registry_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$;

CREATE TRIGGER registry_documents_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_documents FOR EACH STATEMENT EXECUTE FUNCTION registry_only_grows();
CREATE TRIGGER registry_versions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_versions FOR EACH STATEMENT EXECUTE FUNCTION registry_only_grows();
CREATE TRIGGER registry_moves_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_moves FOR EACH STATEMENT EXECUTE FUNCTION registry_only_grows();
CREATE TRIGGER registry_archivals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_archivals FOR EACH STATEMENT EXECUTE FUNCTION registry_only_grows();
