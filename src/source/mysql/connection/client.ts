import type { Socket } from 'node:net';

/** A column of a result, as the server describes it. */
export interface ResultColumn {
  readonly name: string;
  /** Type code of the protocol. */
  readonly columnType: number;
  readonly flags: number;
  /** Collation number; 63 is binary. */
  readonly characterSet: number;
  /** Bytes at most. */
  readonly columnLength: number;
  readonly decimals: number;
  /** Of MariaDB's own types (`uuid`, `inet6`, `point`), which the protocol calls strings. */
  readonly extendedTypeName?: string;
  /** `json` where MariaDB knows a text to be. */
  readonly extendedFormat?: string;
}

/** A statement that the server prepared. */
export interface PreparedStatement {
  readonly columns: readonly ResultColumn[];
  readonly parameters: readonly unknown[];
  execute(values: readonly unknown[], heard: (error: Error | null) => void): unknown;
  close(): void;
}

/**
 * What of mysql2 is used: its public calls, and the places where bytes come in. mysql2 has no way to hand over rows as bytes, so that its
 * stream's listener is taken from it while rows come.
 */
export interface Client {
  /** The socket; where TLS is spoken, the one that decrypts. */
  stream: Socket;
  readonly packetParser: { execute(bytes: Buffer): unknown };
  /** Number that the next packet of the server must carry. */
  sequenceId: number;
  readonly threadId: number;
  startTLS(secured: (error?: Error) => void): void;
  _handleNetworkError(error: Error): void;
  connect(heard: (error: Error | null) => void): void;
  query(options: object, heard: (error: Error | null, rows: unknown) => void): unknown;
  execute(options: object, heard: (error: Error | null, rows: unknown) => void): unknown;
  prepare(sql: string, heard: (error: Error | null, statement: PreparedStatement) => void): unknown;
  on(event: 'error', heard: (error: Error) => void): unknown;
  end(heard: () => void): unknown;
  destroy(): void;
}
