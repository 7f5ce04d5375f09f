import type { CsvSourcePlan } from '../../src/flow/dataset-plan.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import type { Fixture } from '../source/csv/fixture.ts';
import { planOf, type SourceInput } from '../source/csv/plan-of.ts';
import type { FuzzDice } from './fuzz-dice.ts';
import { FUZZ_LIMITS } from './fuzz-reading.ts';
import { fuzzTable } from './fuzz-table.ts';

/** A fixture's bytes, or a table written in the dialect, the way it is to be read, and how that was written. */
export interface FuzzSeed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** As metadata writes it. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly plan: CsvSourcePlan;
  /** Where mutations may begin, so that most of them are not lost on the header. */
  readonly afterHeader: number;
}

const TYPES = [
  'string',
  'string',
  'string',
  'int32',
  'bigint',
  'uint8',
  'double',
  'real',
  'decimal(9,2)',
  'decimal(30,4)',
  'boolean',
  'date',
  'timestamp(us)',
  'timestamptz(ms)',
  'time(ms)',
  'uuid',
  'json',
  'binary',
];

/** The fixture under its own plan, or, two times in three, under a dialect that was thrown. Null where the planner refuses it. */
export function fuzzSeed({ name, bytes, expected }: Fixture, path: string, dice: FuzzDice): FuzzSeed | null {
  if (bytes === null) return null;
  const own = { ...expected.source, path };
  const source = dice.once(3) ? own : { ...own, ...thrownDialect(dice, bytes) };
  if (!isDeclarable(source)) return null;
  try {
    const plan = planOf(source as unknown as SourceInput);
    if (isRefused(plan)) return null;
    const maxRowBytes = Math.min(plan.maxRowBytes, FUZZ_LIMITS.maxRowBytes);
    const bounded = { ...plan, maxRowBytes, maxColumns: Math.min(plan.maxColumns, FUZZ_LIMITS.maxColumns) };
    const written = dice.once(2) && source !== own && plan.encoding === 'utf-8' && plan.columns === null;
    const seed = written ? fuzzTable(bounded, dice) : new Uint8Array(bytes);
    const line = seed.findIndex((byte) => byte === 10 || byte === 13 || byte === plan.rowDelimiter);
    return { name, bytes: seed, source, plan: bounded, afterHeader: plan.header ? line + 1 : 0 };
  } catch {
    return null;
  }
}

/** What metadata refuses before there is a plan. */
function isRefused({ trim, delimiter, quote, comment, rowDelimiter, bareEscapes }: CsvSourcePlan): boolean {
  const marks = [delimiter, quote, comment, rowDelimiter].filter((mark) => typeof mark === 'number');
  if (new Set(marks).size < marks.length) return true;
  return trim && (bareEscapes || marks.some((mark) => mark === 0x20 || mark === 0x09));
}

function thrownDialect(dice: FuzzDice, bytes: Uint8Array): Record<string, unknown> {
  const dialect: Record<string, unknown> = {};
  const maybe = (times: number, key: string, value: () => unknown): void => {
    if (dice.once(times)) dialect[key] = value();
  };
  maybe(4, 'delimiter', () => dice.pick([';', '\t', '|', ' ', 'x', '\u001f', ':']));
  maybe(3, 'quote', () => dice.pick(["'", null, '"', '|', '`']));
  maybe(3, 'escape', () => '\\');
  maybe(4, 'row_delimiter', () => dice.pick(['\n', '\r', '\r\n', ';', '\u001e', '|', 'y']));
  maybe(4, 'comment', () => dice.pick(['#', '1', '-', ' ', '"', ';']));
  maybe(3, 'trim', () => true);
  maybe(4, 'trailing_delimiter', () => true);
  maybe(3, 'repeated_header', () => dice.pick(['reject', 'skip', 'keep']));
  maybe(8, 'skip_rows', () => dice.roll(4));
  maybe(4, 'null_values', () =>
    dice.pick([['NULL', ''], ['\\N'], ['x', '1', '"'], [' '], ['-', 'n/a', ''.padEnd(70, 'z')]]),
  );
  maybe(4, 'quoted_nulls', () => true);
  maybe(3, 'max_row_bytes', () => dice.pick([16, 64, 100, 1000]));
  maybe(6, 'decimal_separator', () => ',');
  maybe(6, 'thousands_separator', () => dice.pick(['.', ',', ' ', "'", '\u00a0', '\u2009']));
  maybe(20, 'encoding', () =>
    dice.pick(['latin1', 'windows-1252', 'utf-16le', 'utf-16', 'shift_jis', 'gb18030', 'euc-kr']),
  );
  maybe(2, 'features', () => {
    const width = 1 + dice.roll(dice.once(10) ? 20 : 5);
    return Array.from({ length: width }, (_, index) => ({
      name: `f${index}`,
      type: dice.pick(TYPES),
      nullable: !dice.once(4),
      ...(dice.once(8) ? { on_loss: dice.pick(['round', 'truncate', 'null']) } : {}),
    }));
  });
  if ('features' in dialect || dice.once(2)) {
    dialect['header'] = false;
    dialect['columns'] = undefined;
  }
  if ('features' in dialect && dice.once(2)) {
    // Names that the file has, so that its header is read.
    const first =
      Buffer.from(bytes)
        .toString('latin1')
        .split(/[\r\n]/, 1)[0] ?? '';
    const names = first.split(String(dialect['delimiter'] ?? ','));
    const plain = names.every((name) => /^[a-z_]+$/i.test(name)) && new Set(names).size === names.length;
    if (plain) {
      dialect['header'] = true;
      dialect['features'] = names.map((name) => ({ name, type: dice.pick(TYPES), nullable: !dice.once(4) }));
    }
  }
  return dialect;
}

/** Whether a document may say so: what is checked there needs no defence behind it. */
function isDeclarable(source: Readonly<Record<string, unknown>>): boolean {
  const { slice_bytes: _, max_row_bytes: __, features, ...rest } = source;
  const whole = (features as SourceInput['features']).map((feature) => {
    if (typeof feature !== 'string') return feature;
    const [name, type] = feature.split(' ');
    return { name, type: type ?? 'string' };
  });
  const dataset = {
    name: 't',
    source: { type: 'csv', ...rest, features: whole },
    destination: { type: 'parquet', path: 't.parquet' },
  };
  const document = JSON.stringify({ version: 1, ocs: 'g', dataset_config: [dataset] });
  const nothing = { connections: [], variables: {}, files: new Map() };
  return parseGroup(document, 'g.json', nothing).group !== null;
}
