/** Version of the tables below; a ledger of a newer one is refused. */
export const SCHEMA_VERSION = 3;

/** What each version adds to the one before; `MIGRATIONS[0]` makes version 1. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE run (
    id TEXT PRIMARY KEY,
    ocs TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    status TEXT NOT NULL,
    exit_code INTEGER,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL
  ) STRICT;
  CREATE INDEX run_by_start ON run (started_at, id);
  CREATE TABLE intention (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    ended TEXT CHECK (ended IN ('settled', 'abandoned', 'conflict')),
    reason TEXT
  ) STRICT;
  CREATE INDEX intention_open ON intention (target) WHERE ended IS NULL;
  CREATE TABLE receipt (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    ocs TEXT NOT NULL,
    dataset TEXT NOT NULL,
    outcome TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (run, dataset)
  ) STRICT;
  CREATE INDEX receipt_by_dataset ON receipt (ocs, dataset, outcome, sequence);
  `,
  `
  CREATE TABLE content (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    run TEXT NOT NULL,
    ocs TEXT NOT NULL,
    dataset TEXT NOT NULL,
    UNIQUE (run, dataset, sha256)
  ) STRICT;
  CREATE INDEX content_by_target ON content (target, sequence);
  `,
  `
  CREATE TABLE watermark (
    ocs TEXT NOT NULL,
    dataset TEXT NOT NULL,
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    followed TEXT NOT NULL,
    kind TEXT NOT NULL,
    floor TEXT,
    value TEXT,
    run TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (ocs, dataset, target, source)
  ) STRICT;
  CREATE INDEX watermark_by_target ON watermark (target);
  CREATE TABLE watermark_change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    ocs TEXT NOT NULL,
    dataset TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX watermark_change_by_dataset ON watermark_change (ocs, dataset, sequence);
  CREATE TABLE backfill (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    ocs TEXT NOT NULL,
    dataset TEXT NOT NULL,
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    run TEXT NOT NULL
  ) STRICT;
  CREATE INDEX backfill_by_target ON backfill (target, ocs, dataset, source, sequence);
  `,
];
