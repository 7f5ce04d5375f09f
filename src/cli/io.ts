/** Where a command writes and what it may know of its surroundings; commands touch `process` through nothing else. */
export interface Io {
  /** Results. */
  readonly stdout: Output;
  /** Progress and messages. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One output of a command. */
export interface Output {
  write(text: string): void;
  /** A terminal: somebody may be looking, lines may be rewritten. */
  readonly isTTY: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
  /** Colours are wanted: a terminal, and neither `NO_COLOR` nor `TERM=dumb`; or `FORCE_COLOR`. */
  readonly colour: boolean;
}
