import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { FIXTURES, isReadAsStored, listFixtures } from './fixture.ts';
import { planOf } from './plan-of.ts';

/** Why csv-parse reads a fixture differently, for each that it does: a difference that is not listed fails, and so does one that is gone. */
const REASONS = JSON.parse(readFileSync(new URL('./csv-parse-differences.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

interface DialectInput {
  readonly delimiter?: string;
  readonly quote?: string | null;
  readonly escape?: string;
  readonly skip_rows?: number;
}

/** The records of a file as text, the header like any other; null where csv-parse gives the file up. */
function readOther(
  bytes: Buffer,
  { delimiter = ',', quote = '"', escape: escaping, skip_rows: skipped = 0 }: DialectInput,
) {
  try {
    return parse(bytes, {
      delimiter,
      quote,
      escape: escaping ?? quote ?? '"',
      from_line: skipped + 1,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as string[][];
  } catch {
    return null;
  }
}

async function readOurs(path: string, dialect: DialectInput, width: number, maxRowBytes: unknown) {
  const features = Array.from({ length: width }, (_, index) => ({ name: `c${index}`, type: 'string' }));
  const input = {
    path,
    features,
    ...dialect,
    header: false,
    null_values: [],
    ...(maxRowBytes ? { max_row_bytes: maxRowBytes } : {}),
  };
  await using source = await openCsvSource(planOf(input), { reserve: 0, loadedAt: 0n });
  try {
    const { rows, rejects } = await readSource(source);
    return { rows, rejects: rejects.length };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    return { rows: [], rejects: 1 };
  }
}

describe('csv-parse agrees, or its difference is listed with its reason', () => {
  const single = listFixtures().filter(({ bytes, expected }) => bytes !== null && isReadAsStored(expected));

  test.each(single)('$name', async ({ name, bytes, expected }) => {
    const {
      delimiter,
      quote,
      escape: escaping,
      skip_rows,
      max_row_bytes,
    } = expected.source as DialectInput & { max_row_bytes?: number };
    const dialect = JSON.parse(JSON.stringify({ delimiter, quote, escape: escaping, skip_rows })) as DialectInput;
    const theirs = readOther(bytes as Buffer, dialect);
    const width = theirs?.[0]?.length ?? 1;
    const ours = await readOurs(`${FIXTURES}${name}.csv`, dialect, width, max_row_bytes);
    const same = theirs !== null && ours.rejects === 0 && JSON.stringify(ours.rows) === JSON.stringify(theirs);
    if (same) expect(REASONS[name]).toBeUndefined();
    else expect(REASONS[name], JSON.stringify({ theirs, ours })).toBeDefined();
  });

  test('every difference listed is one of a fixture', () => {
    expect(Object.keys(REASONS).filter((name) => !single.some((fixture) => fixture.name === name))).toEqual([]);
  });
});
