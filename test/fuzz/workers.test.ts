import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Receipt } from '../../src/index.ts';
import { query } from '../run/duck.ts';
import { Project } from '../run/project.ts';
import { planOf } from '../source/csv/plan-of.ts';
import { FuzzDice } from './fuzz-dice.ts';
import { fuzzTable } from './fuzz-table.ts';
import { mutate } from './mutate.ts';

const FEATURES = [
  { name: 'a', type: 'int32' },
  { name: 'b', type: 'string' },
  { name: 'c', type: 'string' },
  { name: 'd', type: 'date' },
];

const DIALECTS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { quote: "'", escape: '\\', delimiter: ';' },
  { comment: '#', trim: true },
  { trailing_delimiter: true, repeated_header: 'skip' },
  { delimiter: '\u001f', row_delimiter: '\u001e' },
  { quote: null, escape: '\\', delimiter: '\t' },
];

/** Several tables one behind the other, with a mutation every few thousand bytes. */
function manglesOf(source: Readonly<Record<string, unknown>>, dice: FuzzDice): Uint8Array {
  const plan = planOf({ path: '/in.csv', features: FEATURES, ...source });
  const tokens = {
    delimiter: plan.delimiter,
    quote: plan.quote,
    escape: plan.escape,
    comment: plan.comment,
    rowByte: null,
  };
  const parts: Uint8Array[] = [fuzzTable(plan, dice)];
  for (let left = 40; left > 0; left -= 1) {
    const table = fuzzTable(plan, dice);
    parts.push(dice.once(3) ? mutate(table, table, tokens, dice, { from: 0, most: 20_000 }) : table);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const facts = ({ outcome, rows, error }: Receipt) => ({
  outcome,
  rows,
  error: error?.message.replaceAll('in.csv.gz', 'in.csv') ?? null,
});

test.each(DIALECTS)(
  'worker threads and gzip change nothing in mangled input: %j',
  { timeout: 300_000 },
  async (dialect) => {
    const dice = new FuzzDice(DIALECTS.indexOf(dialect), 3);
    const bytes = manglesOf(dialect, dice);
    const readings: {
      readonly facts: object;
      readonly rows: unknown;
      readonly rejects: string;
      readonly file: Buffer | null;
    }[] = [];
    for (const [name, workers] of [
      ['in.csv', 1],
      ['in.csv', 3],
      ['in.csv.gz', 2],
    ] as const) {
      using project = new Project([
        {
          name: 't',
          source: {
            type: 'csv',
            path: name,
            features: FEATURES,
            slice_bytes: 1500,
            max_row_bytes: 4096,
            max_columns: 64,
            ...dialect,
          },
          destination: { type: 'parquet', path: 'out/t.parquet' },
          on_error: 'reject',
          max_rejects: '100%',
          on_empty: 'publish',
        },
      ]);
      project.write(name, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
      const receipt = await project.load({ workers });
      const out = project.list('out').length > 0;
      const [rejects] = project.list('.atlas/rejects/g/t').filter((each) => each.endsWith('.jsonl'));
      readings.push({
        facts: facts(receipt),
        rows: out ? await query(`SELECT * FROM '${project.path('out/t.parquet')}'`) : null,
        rejects: rejects
          ? project.read(`.atlas/rejects/g/t/${rejects}`).toString().replaceAll('in.csv.gz', 'in.csv')
          : '',
        file: out && !name.endsWith('.gz') ? project.read('out/t.parquet') : null,
      });
    }
    const [one, three, zipped] = readings as [(typeof readings)[0], (typeof readings)[0], (typeof readings)[0]];
    expect(three).toEqual(one);
    expect({ ...zipped, file: one.file }).toEqual(one);
    expect(one.facts).toMatchObject({ outcome: 'published' });
  },
);
