/** Options that every command takes; null where neither the command line nor the environment says anything. */
export interface GlobalOptions {
  /** Folder of the metadata documents: `--metadata`, else `ATLAS_METADATA`, else null (look for `metadata/` upwards from the cwd). */
  readonly metadata: string | null;
  /** State folder: `--state`, else `ATLAS_STATE`, else null (`.atlas/` beside the metadata folder). */
  readonly state: string | null;
  /** `ATLAS_LEDGER`, else null (in the state folder). */
  readonly ledger: string | null;
  /** `--env`, else `ATLAS_ENV`. */
  readonly env: string | null;
  /** `--var k=v`, the last one wins. */
  readonly vars: Readonly<Record<string, string>>;
}

/** Options of a command on one ocs group. */
export interface GroupOptions extends GlobalOptions {
  readonly ocs: string;
  /** `--dataset NAME…`; empty = all. */
  readonly datasets: readonly string[];
}
