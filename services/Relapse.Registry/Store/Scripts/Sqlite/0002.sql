-- oldest reader: 2
-- Of each script the number of the oldest one that a release has to know to go on with the tables as it left them.
ALTER TABLE registry_scripts ADD COLUMN oldest_reader BIGINT NOT NULL DEFAULT 0;
