import type { Column } from './variant.ts';

/** A server that a program loads into. */
export interface ClickhouseAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What one program is asked to do: one CSV file into one new table. Passed to peers as JSON. */
export interface ClickhouseJob {
  readonly input: string;
  readonly columns: readonly Column[];
  readonly threads: number;
  /** Data of an engine of one's own, empty; null where there is a server. */
  readonly folder: string | null;
  readonly server: ClickhouseAccess | null;
}

/** Of the table, in whichever engine. */
export const BENCH_TABLE = { database: 'bench', name: 'orders' } as const;

const TYPES = {
  int64: 'Int64',
  int16: 'Int16',
  timestamp: "DateTime64(0, 'UTC')",
  double: 'Float64',
  text: 'String',
} as const;

/** Its columns, as our own program would make them: the first is sorted by and takes no nulls. */
export function structureOf(columns: readonly Column[]): string {
  return columns
    .map(({ name, kind }, index) => `${name} ${index === 0 ? TYPES[kind] : `Nullable(${TYPES[kind]})`}`)
    .join(', ');
}

/** Makes it, empty. */
export function createTable(columns: readonly Column[], database: string): string {
  const key = columns[0]?.name;
  return `CREATE TABLE ${database}.${BENCH_TABLE.name} (${structureOf(columns)}) ENGINE = MergeTree ORDER BY ${key}`;
}

/** The job that a peer's process was started with. */
export function clickhouseJobOf(argv: readonly string[]): ClickhouseJob {
  return JSON.parse(argv[2] as string) as ClickhouseJob;
}
