/** Version of the tables below; a ledger of a newer one is refused. */
export const SCHEMA_VERSION = 2;

/**
 * What each version adds to the one before; `MIGRATIONS[0]` makes version 1. `$s` stands for the quoted schema. Receipts and intentions are
 * kept as text, byte for byte what was written (`body::jsonb` asks into them). A target may be longer than an index entry: its hash is indexed.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE $s.run (
    id text COLLATE "C" PRIMARY KEY,
    ocs text NOT NULL,
    started_at text COLLATE "C" NOT NULL,
    ended_at text,
    status text NOT NULL,
    exit_code integer,
    host text NOT NULL,
    pid bigint NOT NULL,
    version text NOT NULL
  );
  CREATE INDEX run_by_start ON $s.run (started_at, id);
  CREATE TABLE $s.intention (
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    id text COLLATE "C" PRIMARY KEY,
    target text NOT NULL,
    body text NOT NULL,
    ended text CHECK (ended IN ('settled', 'abandoned', 'conflict')),
    reason text
  );
  CREATE INDEX intention_open ON $s.intention (hashtextextended(target, 0)) WHERE ended IS NULL;
  CREATE TABLE $s.receipt (
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    run text COLLATE "C" NOT NULL,
    ocs text NOT NULL,
    dataset text NOT NULL,
    outcome text NOT NULL,
    target text NOT NULL,
    replays text,
    body text NOT NULL,
    PRIMARY KEY (run, dataset)
  );
  CREATE INDEX receipt_by_dataset ON $s.receipt (ocs, dataset, outcome, sequence);
  CREATE INDEX receipt_by_target ON $s.receipt (hashtextextended(target, 0), sequence) WHERE outcome = 'published';
  CREATE TABLE $s.content (
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    target text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    run text COLLATE "C" NOT NULL,
    ocs text NOT NULL,
    dataset text NOT NULL,
    PRIMARY KEY (run, dataset, sha256)
  );
  CREATE INDEX content_by_target ON $s.content (hashtextextended(target, 0), sequence);
  CREATE TABLE $s.lease (
    target_sha256 text COLLATE "C" PRIMARY KEY,
    target text NOT NULL,
    fence bigint NOT NULL,
    claim text,
    run text NOT NULL,
    host text NOT NULL,
    pid bigint NOT NULL,
    owner text NOT NULL,
    taken_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
  );
  `,
  `
  CREATE TABLE $s.watermark (
    target_sha256 text COLLATE "C" NOT NULL,
    ocs text NOT NULL,
    dataset text NOT NULL,
    target text NOT NULL,
    source text NOT NULL,
    path text NOT NULL,
    followed text NOT NULL,
    kind text NOT NULL,
    floor text,
    value text,
    run text,
    at text NOT NULL,
    PRIMARY KEY (target_sha256, ocs, dataset, source)
  );
  CREATE INDEX watermark_by_dataset ON $s.watermark (ocs, dataset);
  CREATE TABLE $s.watermark_change (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ocs text NOT NULL,
    dataset text NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX watermark_change_by_dataset ON $s.watermark_change (ocs, dataset, sequence);
  CREATE TABLE $s.backfill (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target_sha256 text COLLATE "C" NOT NULL,
    ocs text NOT NULL,
    dataset text NOT NULL,
    source text NOT NULL,
    begins text NOT NULL,
    ends text NOT NULL,
    run text NOT NULL
  );
  CREATE INDEX backfill_by_target ON $s.backfill (target_sha256, ocs, dataset, source, sequence);
  `,
];
