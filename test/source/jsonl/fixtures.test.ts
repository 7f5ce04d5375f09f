import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import type { Reject } from '../../../src/flow/reject.ts';
import type { Source } from '../../../src/flow/source.ts';
import { openJsonlSource } from '../../../src/source/jsonl/jsonl-source.ts';
import { readSource, sumOf } from '../../conformance/source/read-source.ts';
import { DataFolder } from '../csv/data-folder.ts';
import { type ExpectedReject, type Fixture, listFixtures } from '../csv/fixture.ts';
import type { SourceInput } from '../csv/plan-of.ts';
import { waysOf } from './data-ways.ts';
import { planOf } from './plan-of.ts';

const FIXTURES = new URL('../../fixtures/jsonl/', import.meta.url).pathname;
const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n, debug: true } as const;

const fixtures = listFixtures(FIXTURES, 'jsonl');

test('there are fixtures', () => {
  expect(fixtures.length).toBeGreaterThan(12);
});

describe.each(fixtures)('$name', (fixture) => {
  const { name, bytes, expected } = fixture;

  test(expected.clause, async () => {
    const plan = planOf({ ...(expected.source as SourceInput), path: `${name}.jsonl` }, FIXTURES.replace(/\/$/, ''));
    await using source = await openJsonlSource(plan, OPTIONS);
    await check(source, fixture);
  });

  test('the same however the bytes come in', async () => {
    for (const sliceBytes of [5, 23, 200]) {
      using folder = new DataFolder();
      const ways = waysOf(
        bytes as Buffer,
        folder,
        { ...expected.source, slice_bytes: sliceBytes },
        {
          readBytes: sliceBytes + 4,
          debug: sliceBytes === 23,
        },
      );
      for (const way of sliceBytes === 200 ? ways : ways.slice(0, 1)) {
        await using source = await way.open();
        await check(source, fixture);
      }
    }
  });
});

async function check(source: Source, { expected, bytes }: Fixture): Promise<void> {
  if (expected.error) {
    const error = await readSource(source).catch((reason: unknown) => reason);
    if (!(error instanceof AtlasError)) throw new Error(`no AtlasError, but ${String(error)}`);
    expect(error.code).toBe(expected.error.code);
    for (const part of expected.error.says) expect(error.message).toContain(part);
    return;
  }
  const reading = await readSource(source);
  expect(reading.rejects.map(facts)).toEqual(expected.rejects);
  expect(reading.rows).toEqual(expected.rows);
  expect(reading.spans).toEqual(expected.spans);
  expect(sumOf(reading.spans)).toBe(bytes?.length);
  if (reading.survey.inputs[0]?.bytes !== null) expect(reading.survey.empty).toBe(expected.empty ?? false);
  for (const { reason } of reading.rejects) expect(reason).not.toBe('');
}

function facts(reject: Reject): ExpectedReject {
  const { line, offset, length, column, code, raw, rawBase64 } = reject;
  const place = { line: line + 1, offset, length, column, code };
  return raw === null ? { ...place, rawBase64: rawBase64 ?? '' } : { ...place, raw };
}
