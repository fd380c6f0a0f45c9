-- Four tables that only grow. Numbers of moments are milliseconds since 1970, UTC.

-- Documents by what they are: the same bytes are stored once.
CREATE TABLE registry_documents (
    digest TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL
);

-- A version as it was published. Of the rows of one name the last counts: a shipped version that is not frozen has more than one, and a
-- centre's that it shared later, of the same bytes. Each names the row it replaces, so that no two can replace the same.
CREATE TABLE registry_versions (
    revision INTEGER NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES registry_documents (digest),
    cases_digest TEXT NOT NULL REFERENCES registry_documents (digest),
    certificate BLOB NOT NULL,
    centre TEXT NOT NULL,
    shared INTEGER NOT NULL,
    frozen INTEGER NOT NULL,
    at INTEGER NOT NULL,
    replaces INTEGER NOT NULL,
    UNIQUE (protocol, version, replaces)
);

-- A move of a label. Each names the move it follows, 0 for the first, so that no two can follow the same.
CREATE TABLE registry_moves (
    revision INTEGER NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    label TEXT NOT NULL,
    owner TEXT NOT NULL,
    version TEXT NOT NULL,
    centre TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    follows INTEGER NOT NULL,
    UNIQUE (protocol, label, owner, follows)
);

CREATE TABLE registry_archivals (
    revision INTEGER NOT NULL PRIMARY KEY,
    protocol TEXT NOT NULL,
    version TEXT NOT NULL,
    centre TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (protocol, version)
);

CREATE TRIGGER registry_documents_stay BEFORE UPDATE ON registry_documents BEGIN SELECT RAISE (ABORT, 'registry_documents only grows'); END;
CREATE TRIGGER registry_documents_keep BEFORE DELETE ON registry_documents BEGIN SELECT RAISE (ABORT, 'registry_documents only grows'); END;
CREATE TRIGGER registry_versions_stay BEFORE UPDATE ON registry_versions BEGIN SELECT RAISE (ABORT, 'registry_versions only grows'); END;
CREATE TRIGGER registry_versions_keep BEFORE DELETE ON registry_versions BEGIN SELECT RAISE (ABORT, 'registry_versions only grows'); END;
CREATE TRIGGER registry_moves_stay BEFORE UPDATE ON registry_moves BEGIN SELECT RAISE (ABORT, 'registry_moves only grows'); END;
CREATE TRIGGER registry_moves_keep BEFORE DELETE ON registry_moves BEGIN SELECT RAISE (ABORT, 'registry_moves only grows'); END;
CREATE TRIGGER registry_archivals_stay BEFORE UPDATE ON registry_archivals BEGIN SELECT RAISE (ABORT, 'registry_archivals only grows'); END;
CREATE TRIGGER registry_archivals_keep BEFORE DELETE ON registry_archivals BEGIN SELECT RAISE (ABORT, 'registry_archivals only grows'); END;
