import { AtlasError } from '../../errors.ts';
import type { LiveColumns } from '../../flow/live-columns.ts';
import { nearest } from '../../metadata/nearest.ts';
import { describeFeatures, type TakenType } from './describe-features.ts';
import type { RecordsColumn, RecordsFile } from './records-file.ts';
import type { NewColumn } from './unite-columns.ts';

/** How a file is read so that its rows fit a table, and what is to be said of that. */
export interface FittedFile {
  readonly features: readonly Readonly<Record<string, unknown>>[];
  readonly notes: readonly string[];
}

/** What a column of text takes besides text. */
const TEXTS = new Set(['json', 'binary']);
/** Names that a message shows. */
const SHOWN = 20;

/** Features for a table that is to be made, of these columns. */
export function fitNewTable(file: RecordsFile, table: readonly NewColumn[]): FittedFile {
  const columns = new Map(table.map((column) => [column.name, column]));
  const takenBy = (column: RecordsColumn): TakenType => {
    const { type, nullable } = columns.get(column.name) ?? column;
    return { type, nullable, timezone: null };
  };
  return { features: describeFeatures(file.columns, takenBy), notes: [] };
}

/**
 * Features for a table that is there: its columns say the types. Fails with ATLAS_CH_COLUMNS where the file has columns that the table lacks
 * or computes itself, and where the table has columns that the file lacks and nobody said what they hold then.
 */
export function fitLiveTable(file: RecordsFile, { columns }: LiveColumns, target: string): FittedFile {
  const there = new Map(columns.map((column) => [column.name, column]));
  const own = new Set(file.columns.map(({ name }) => name));
  const problems: string[] = [];
  const unknown = file.columns.filter(({ name }) => !there.has(name)).map(({ name }) => name);
  const lacking = columns.filter(({ name, computed }) => !own.has(name) && !computed);
  if (unknown.length > 0)
    problems.push(`the table has no column ${listed(unknown.map((name) => meant(name, lacking)))}`);
  const computed = file.columns.filter(({ name }) => there.get(name)?.computed === true).map(({ name }) => name);
  if (computed.length > 0) problems.push(`the table computes ${listed(computed.map(quoted))} itself`);
  const open = lacking.filter(({ otherwise }) => otherwise === null).map(({ name }) => name);
  if (open.length > 0) {
    problems.push(`the file has no ${listed(open.map(quoted))}, and the table says not what stands there then`);
  }
  if (problems.length > 0) {
    throw new AtlasError('ATLAS_CH_COLUMNS', `${file.input.name} does not fit ${target}: ${problems.join('; ')}`, {
      place: { file: file.input.name },
      hint: 'Add the columns to the table, or give them a DEFAULT there; or change the file.',
    });
  }
  const takenBy = (column: RecordsColumn): TakenType => {
    const takes = there.get(column.name)?.takes ?? null;
    if (takes === null) return { type: column.type, nullable: column.nullable, timezone: null };
    // a column in UTC holds instants as well as times without a zone: the file says which
    const isInstant = column.type.startsWith('timestamptz');
    if (takes.type === 'string' && TEXTS.has(column.type)) return { ...takes, type: column.type };
    return isInstant ? { ...takes, type: takes.type.replace(/^timestamp\(/, 'timestamptz(') } : takes;
  };
  const notes = lacking.map(
    ({ name, otherwise }) => `${file.input.name} has no ${quoted(name)}: it is ${otherwise} in every row`,
  );
  return { features: describeFeatures(file.columns, takenBy), notes };
}

function meant(name: string, lacking: readonly { readonly name: string }[]): string {
  const near = nearest(
    name,
    lacking.map((column) => column.name),
  );
  return near === null ? quoted(name) : `${quoted(name)} (${quoted(near)}?)`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return names.slice(0, SHOWN).join(', ') + more;
}
