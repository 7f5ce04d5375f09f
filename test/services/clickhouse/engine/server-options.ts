/** What the process of a server is told, in a file. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where requests go that name none; made, `ENGINE = Atomic`, where it is not there. */
  readonly database: string;
  /** Of the engine's data. */
  readonly data: string;
  /** For FIFOs. */
  readonly temporary: string;
  /** A file of the engine's, or `null`. */
  readonly configuration: string | null;
  /** package.json of chdb. */
  readonly chdb: string;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Announced instead of the engine's own; `null` = that. */
  readonly version: string | null;
}
