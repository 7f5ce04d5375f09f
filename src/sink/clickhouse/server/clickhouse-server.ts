/** One statement. What varies in it are bound parameters, never pasted text. */
export interface Statement {
  /** One statement, without FORMAT and without a semicolon at its end. */
  readonly sql: string;
  /** For `{name:Type}` in the SQL; a list is one of type Array. Integers beyond 2^53 are given as text, but not within a list. */
  readonly params?: Readonly<Record<string, string | number | readonly (string | number)[]>>;
  /** Settings of this statement alone. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Names the statement in `system.processes` and `query_log`. The embedded engine chooses its own: there, this is its `log_comment`. */
  readonly queryId?: string;
}

/** An INSERT that takes a body: `INSERT INTO db.t (a, b)` and nothing behind it. */
export interface InsertStatement extends Statement {
  readonly format: 'ArrowStream' | 'Parquet';
}

/** How long a statement may be waited for: until the signal aborts, or the limits of the connection end it. */
export interface Waiting {
  readonly signal: AbortSignal;
}

/** A row: names of columns as the statement has them. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * What a statement answers, all of it in memory. Integers of 64 bits and more and decimals are text, NaN and infinities the text `nan`,
 * `inf`, `-inf`; text that is no UTF-8 is given as its bytes (Uint8Array).
 */
export interface Answer {
  /** Types as ClickHouse writes them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Cells in the order of the columns. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * One way to speak to a ClickHouse, whether it is a server or the embedded engine. Statements may be under way at the same time. All of
 * them fail with
 *
 * - ATLAS_CH_STATEMENT, ATLAS_CH_BUSY, ATLAS_CH_GRANT, ATLAS_CH_REFUSED, ATLAS_STORE_SPACE: the server refused or failed it, and said
 *   so (`exceptionNumber` tells its number): what it would have done is not done, but blocks of an INSERT that were whole before may be there;
 * - ATLAS_CH_UNREACHABLE: it was never sent;
 * - ATLAS_CH_LOST, ATLAS_CH_ENGINE_DIED: no answer came. Nobody knows whether it was carried out, or still is: look, never repeat;
 * - the signal's reason, once the server was told to stop; it may nevertheless have been carried out.
 *
 * Only `ask` and `query` are ever tried again by itself. Opening one fails with these, with ATLAS_CH_PROTOCOL and ATLAS_CH_TOO_OLD, and where the
 * engine is embedded with ATLAS_CH_ENGINE_LOCKED and ATLAS_CH_ENGINE_MISSING. What the tables have to say is told by whoever asks:
 * ATLAS_CH_TABLE_MISSING, ATLAS_CH_COLUMNS, ATLAS_CH_VIEWS, ATLAS_CH_ATOMIC, ATLAS_CH_COMMIT_UNKNOWN.
 */
export interface ClickhouseServer extends AsyncDisposable {
  /** For messages: `ch1:8443/olap`, `chdb:/abs/path/olap`. */
  readonly name: string;
  readonly embedded: boolean;
  /** The database that unqualified names are in. */
  readonly database: string;
  /** What a SELECT, SHOW, DESCRIBE, EXPLAIN answers. */
  ask(statement: Statement, waiting: Waiting): Promise<Answer>;
  /** Its rows as objects; where two columns have one name, the last. */
  query(statement: Statement, waiting: Waiting): Promise<readonly Row[]>;
  /** A statement without rows. */
  command(statement: Statement, waiting: Waiting): Promise<void>;
  /** Begins an INSERT. Its columns are found by their names in the body. */
  insert(statement: InsertStatement, waiting: Waiting): Promise<Insert>;
}

/**
 * An INSERT under way: write until done, then `end`; or `abort`. One of the two must be called. When the process dies before `end`, the
 * server drops what came, though it was whole Arrow messages by chance.
 */
export interface Insert {
  /** Answers once there is room for more, which takes as long as the server needs. The bytes must never change from now on. One at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that the body is whole; answers once the server said that all of it is there. */
  end(): Promise<void>;
  /** Makes the server drop the body; answers once that is certain, or it never will be. Does not fail; after `end`, does nothing. */
  abort(reason: unknown): Promise<void>;
}
