import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import type { CsvSourcePlan } from '../../../src/flow/dataset-plan.ts';
import type { ColumnProfile, InputProfile } from '../../../src/flow/profile.ts';
import { openStores, profileInputs } from '../../../src/registry.ts';
import { openFeed } from '../../../src/source/csv/open-feed.ts';
import { planParser } from '../../../src/source/csv/parser/parser-plan.ts';
import { surveyFile } from '../../../src/source/csv/survey/survey-file.ts';
import { chunksOf } from '../../../src/source/feed/byte-feed.ts';
import { feedFromStart } from '../../../src/source/lines/open-parts.ts';
import { listInputs } from '../../../src/source/list-inputs.ts';
import { readEscapes } from '../../kernel/csv-twin-cast.ts';
import { TwinRecords } from '../../kernel/csv-twin-record.ts';
import type { ProfiledField } from '../../kernel/profile-drive.ts';
import { ProfileTwin } from '../../kernel/profile-twin.ts';
import { DataFolder } from './data-folder.ts';
import { FIXTURES, listFixtures } from './fixture.ts';
import { planOf, type SourceInput } from './plan-of.ts';

const signal = new AbortController().signal;
const profile = (plan: CsvSourcePlan): Promise<readonly InputProfile[]> =>
  profileInputs(plan, { signal, stores: openStores({}) });

/** A source without features in a folder. */
function sourceOf(folder: string, path: string, more: Record<string, unknown> = {}): CsvSourcePlan {
  return { ...planOf({ path, features: ['x'], ...more }, folder), features: [] };
}

/** Records of a file by the slow twin: fields of the good ones by column, and how many are damaged. */
async function slowly(path: string, plan: CsvSourcePlan, width: number) {
  const { file } = await surveyFile(path, plan, { signal });
  const takePipe = (): never => {
    throw new Error('no pipe');
  };
  await using feed = await feedFromStart(file, {
    openFeed: (raw) => openFeed(raw, file.compression, file.path, plan, signal),
    takePipe,
    signal,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(feed, 1 << 16)) chunks.push(chunk);
  const input = Buffer.concat(chunks);
  const parser = planParser(plan, { ...file, layout: 0 }, { width, positions: [] }, 0n);
  const records = new TwinRecords(input, parser);
  const columns: ProfiledField[][] = Array.from({ length: width }, () => []);
  let damaged = 0;
  let rows = 0;
  for (let offset = 0; offset < input.length; ) {
    const record = records.at(offset);
    if (record.kind === 'damage') damaged += 1;
    else if (record.kind === 'row') {
      rows += 1;
      record.fields.forEach(({ bytes, quoted }, i) => {
        const raw = String.fromCharCode(...bytes);
        const bare = plan.bareEscapes && raw !== '\\N' && raw !== '' && !plan.nullValues.includes(raw);
        const own = String.fromCharCode(plan.delimiter);
        // A bad escape is no text at all, as bytes that are not UTF-8.
        columns[i]?.push({ text: bare ? (readEscapes(raw, own) ?? '\xff') : raw, quoted });
      });
    }
    offset = record.end;
  }
  return { rows, damaged, columns };
}

describe('the fixtures, against the slow twin', () => {
  const fixtures = listFixtures().filter(({ expected }) => expected.error === undefined);

  test.each(fixtures)('$name', async ({ name, expected }) => {
    const path = expected.source.path ?? `${name}.csv`;
    const full = planOf({ ...(expected.source as SourceInput), path }, FIXTURES.replace(/\/$/, ''));
    const plan = { ...full, features: [] };
    let inputs: readonly InputProfile[];
    try {
      inputs = await profile(plan);
    } catch (error) {
      // Without header and columns, the first record tells how many there are: it may be damaged.
      if (plan.header || plan.columns !== null || !(error instanceof AtlasError)) throw error;
      return;
    }
    const paths = await listInputs(plan.path, plan.root, { signal });
    for (const [index, input] of inputs.entries()) {
      if (input.columns.length === 0) continue;
      const slow = await slowly(paths[index] ?? '', plan, input.columns.length);
      expect([input.rows, input.damaged]).toEqual([slow.rows, slow.damaged]);
      for (const [position, column] of input.columns.entries()) {
        compare(column, new ProfileTwin(slow.columns[position] ?? [], plan.nullValues), plan);
      }
    }
  });
});

function compare(column: ColumnProfile, twin: ProfileTwin, plan: CsvSourcePlan): void {
  const counts = twin.counts();
  const { empty, quotedEmpty, fields, values, padded, invalid, uuids, json } = counts;
  expect(column).toMatchObject({ empty, quotedEmpty, fields, values, padded, invalid, uuids, json });
  if (!plan.bareEscapes) expect(column.longest).toBe(counts.longest);
  for (const reading of column.numbers) expect(reading).toEqual(twin.numbers(reading.decimal, reading.thousands));
  for (const { kind, format, values: read } of column.times)
    expect([format, read]).toEqual([format, twin.times(kind, format)]);
}

describe('inputs', () => {
  test('every file of a glob, compressed or not, is one profile', async () => {
    using folder = new DataFolder();
    folder.write('a.csv', 'id,name\n1,x\n2,y\n');
    folder.write('b.csv.gz', gzipSync('name,id,more\nz,30,\n'));
    folder.write('c.csv', '');
    folder.write('d.csv', 'id,name\n');
    const inputs = await profile(sourceOf(folder.path, '*.csv*'));
    expect(inputs.map(({ file, rows, columns }) => [file, rows, columns.map(({ name }) => name)])).toEqual([
      ['a.csv', 2, ['id', 'name']],
      ['b.csv.gz', 1, ['name', 'id', 'more']],
      ['c.csv', 0, []],
      ['d.csv', 0, ['id', 'name']],
    ]);
    expect(inputs[1]?.columns[1]?.numbers[0]).toMatchObject({ least: '30', greatest: '30', values: 1 });
  });

  test('encoded inputs are profiled as text', async () => {
    using folder = new DataFolder();
    folder.write('l.csv', Buffer.from('name,price\nJosé,"1.234,5"\n', 'latin1'));
    const [input] = await profile(sourceOf(folder.path, 'l.csv', { encoding: 'latin1' }));
    expect(input?.columns[0]).toMatchObject({ values: 1, invalid: 0, longest: 5 });
    expect(input?.columns[1]?.numbers.find(({ decimal }) => decimal === ',')).toMatchObject({ values: 1, grouped: 1 });
    const [raw] = await profile(sourceOf(folder.path, 'l.csv'));
    expect(raw?.columns[0]).toMatchObject({ values: 1, invalid: 1 });
  });

  test('without a header, the first record tells the columns', async () => {
    using folder = new DataFolder();
    folder.write('n.csv', '1,"a,b",x\n2,c\n3,d,y\n');
    const [input] = await profile(sourceOf(folder.path, 'n.csv', { header: false }));
    expect(input).toMatchObject({ rows: 2, damaged: 1, columns: [{ name: '' }, { name: '' }, { name: '' }] });
    const named = await profile(sourceOf(folder.path, 'n.csv', { header: false, columns: ['id', 'what', 'flag'] }));
    expect(named[0]?.columns.map(({ name }) => name)).toEqual(['id', 'what', 'flag']);
  });

  test('of a million rows, the last one counts', async () => {
    using folder = new DataFolder();
    folder.write('m.csv', `id,flag\n${'1,0\n'.repeat(1_000_000)}x,1e5\n`);
    const [input] = await profile(sourceOf(folder.path, 'm.csv'));
    expect(input?.columns[0]).toMatchObject({ values: 1_000_001, numbers: [{ values: 1_000_000 }] });
    expect(input?.columns[1]).toMatchObject({ values: 1_000_001, numbers: [{ values: 1_000_001, exponents: 1 }] });
  });

  test('standard input is refused, and an abort ends the reading', async () => {
    await expect(profile(sourceOf('/', '-'))).rejects.toMatchObject({ code: 'ATLAS_INPUT_UNREADABLE' });
    using folder = new DataFolder();
    folder.write('m.csv', `id\n${'1\n'.repeat(9_000_000)}`);
    const controller = new AbortController();
    const reading = profileInputs(sourceOf(folder.path, 'm.csv'), {
      signal: controller.signal,
      stores: openStores({}),
    });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
