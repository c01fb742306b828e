-- How far the daily run has looked at all members because a version took force. Of versions that ruled before this
-- table was there, only the last one is still to be looked at: the others have reached everybody or rule no longer.
CREATE TABLE programme_version_look (
    programme    text    NOT NULL,
    version      integer NOT NULL,
    after_member bigint  NOT NULL DEFAULT 0,     -- the members up to this one were looked at
    done         boolean NOT NULL DEFAULT false,
    PRIMARY KEY (programme, version)
);

INSERT INTO programme_version_look (programme, version, done)
SELECT programme, version, true
  FROM programme_version
 WHERE effective_from < (SELECT max(effective_from) FROM programme_version WHERE effective_from <= now());

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'cagnotte_app') THEN
        GRANT SELECT, INSERT, UPDATE ON programme_version_look TO cagnotte_app;
    END IF;
END $$;
