import type { Abortable } from '../../flow/source.ts';
import type { ListedTable, TableDescription, TableRequest } from '../../flow/table-description.ts';

/** A database that is being looked at. */
export interface DatabaseProbe {
  /** Signs in, once. Fails with ATLAS_DB_*. */
  open(options: Abortable): Promise<ProbedSession>;
}

/** A session that was let in. */
export interface ProbedSession extends AsyncDisposable {
  /** `PostgreSQL 15.18`. */
  readonly server: string;
  /** Who the server says this is. */
  readonly user: string;
  /** How the connection is kept from others (`TLSv1.3`); null where it is plain. */
  readonly cipher: string | null;
  describe(request: TableRequest, options: Abortable): Promise<TableDescription>;
  list(schema: string | null, options: Abortable): Promise<readonly ListedTable[]>;
  /** Whether a row comes, of a relation that was described. */
  firstRow(description: TableDescription, options: Abortable): Promise<boolean>;
  /** What readers of one table see at the same time, in a sentence; `warning` where it is less than one snapshot for many. */
  snapshot(options: Abortable): Promise<{ readonly message: string; readonly warning: string | null }>;
}
