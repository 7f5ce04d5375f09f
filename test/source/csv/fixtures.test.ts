import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import type { Reject } from '../../../src/flow/reject.ts';
import type { Source } from '../../../src/flow/source.ts';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { type Reading, readSource, sumOf } from '../../conformance/source/read-source.ts';
import { DataFolder } from './data-folder.ts';
import { waysOf } from './data-ways.ts';
import { type Expected, type ExpectedReject, FIXTURES, type Fixture, isReadAsStored, listFixtures } from './fixture.ts';
import { planOf, type SourceInput } from './plan-of.ts';

const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true } as const;

const fixtures = listFixtures();

test('there are fixtures', () => {
  expect(fixtures.length).toBeGreaterThan(100);
});

describe.each(fixtures)('$name', ({ name, bytes, expected }) => {
  test(expected.clause, async () => {
    const path = expected.source.path ?? `${name}.csv`;
    const plan = planOf({ ...(expected.source as SourceInput), path }, FIXTURES.replace(/\/$/, ''));
    await using source = await openCsvSource(plan, OPTIONS);
    await check(source, { name, bytes, expected }, true);
  });

  if (bytes === null) return;

  test('the same however the bytes come in', async () => {
    for (const sliceBytes of [5, 23]) {
      using folder = new DataFolder();
      const input = { ...expected.source, slice_bytes: sliceBytes };
      const debug = sliceBytes === 23;
      const ways = waysOf(bytes, folder, input, { readBytes: sliceBytes + 4, debug });
      for (const way of debug ? ways.slice(0, 1) : ways) {
        await using source = await way.open();
        await check(source, { name, bytes, expected }, false);
      }
    }
  });
});

async function check(source: Source, { name, expected, bytes }: Fixture, named: boolean): Promise<void> {
  if (expected.error) {
    const error = await readSource(source).catch((reason: unknown) => reason);
    if (!(error instanceof AtlasError)) throw new Error(`no AtlasError, but ${String(error)}`);
    expect(error.code).toBe(expected.error.code);
    for (const part of expected.error.says) expect(error.message).toContain(part);
    return;
  }
  const reading = await readSource(source);
  expect(reading.rejects.map((reject) => facts(reject))).toEqual(
    expected.rejects?.map(({ file, ...reject }) => reject),
  );
  if (named) {
    const files = expected.rejects?.map(({ file }) => file ?? `${name}.csv`);
    expect(reading.rejects.map(({ file }) => file)).toEqual(files);
  }
  expect(rowsSeen(reading, named)).toEqual(rowsWanted(expected, named));
  expect(reading.spans).toEqual(expected.spans);
  if (bytes && isReadAsStored(expected)) expect(sumOf(reading.spans)).toBe(bytes.length);
  expect(reading.survey.ignored).toEqual(expected.ignored ?? []);
  if (reading.survey.inputs[0]?.bytes !== null) expect(reading.survey.empty).toBe(expected.empty ?? false);
  for (const reject of reading.rejects) expect(reject.reason).not.toBe('');
  if (named) expect((await readSource(source, { packRejects: true })).rejects).toEqual(reading.rejects);
}

function facts(reject: Reject): ExpectedReject {
  const { line, offset, length, column, code, raw, rawBase64 } = reject;
  const place = { line: line + 1, offset, length, column, code };
  return raw === null ? { ...place, rawBase64: rawBase64 ?? '' } : { ...place, raw };
}

/** `@file` depends on the way the bytes come in. */
function rowsSeen(reading: Reading, named: boolean) {
  return named
    ? reading.rows
    : reading.rows.map((row) => row.map((cell) => String(cell).replace(/^data\..*|^-$/, '<file>')));
}

function rowsWanted(expected: Expected, named: boolean) {
  return named
    ? expected.rows
    : expected.rows?.map((row) => row.map((cell) => String(cell).replace(/^constants\.csv$|^-$/, '<file>')));
}
