import type { Duplex } from 'node:stream';

/** What of a `pg.Connection` is spoken to below its client; its type declarations name a part only. */
export interface PgWire {
  readonly stream: Duplex;
  query(text: string): void;
  parse(statement: { readonly text: string }): void;
  bind(config: { readonly portal: string; readonly values: readonly string[]; readonly binary: boolean }): void;
  describe(what: { readonly type: 'S' | 'P'; readonly name?: string }): void;
  execute(config: { readonly portal: string; readonly rows: number }): void;
  flush(): void;
  sync(): void;
  on(event: string, listener: (message: never) => void): unknown;
  off(event: string, listener: (message: never) => void): unknown;
}

/** What a `pg.Client` asks of something that it runs as a query. */
export interface Submittable {
  submit(wire: PgWire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handlePortalSuspended(wire: PgWire): void;
  handleEmptyQuery(wire: PgWire): void;
  handleCommandComplete(message: { readonly text: string }, wire: PgWire): void;
  handleCopyInResponse(wire: PgWire): void;
  handleCopyData(message: unknown): void;
  handleReadyForQuery(): void;
  handleError(error: unknown, wire: PgWire): void;
}
