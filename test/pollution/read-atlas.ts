import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtlasError } from '../../src/errors.ts';
import { openCsvSource } from '../../src/source/csv/csv-source.ts';
import { readSource } from '../conformance/source/read-source.ts';
import { planOf } from '../source/csv/plan-of.ts';
import { COLUMNS } from './clean-table.ts';
import type { PollutedFile } from './polluted-file.ts';
import type { PollutedReading } from './verdict.ts';

const ROW_END = { '\n': '\n', '\r\n': '\r\n', '\r': '\r' } as const;

/** Reads a polluted file as a run would: survey, tasks in slices of some rows, rejects. */
export async function readAtlas({ bytes, dialect, typed }: PollutedFile, sliceBytes = 700): Promise<PollutedReading> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-pollution-'));
  try {
    const path = join(folder, 'in.csv');
    writeFileSync(path, bytes);
    const plan = planOf({
      path,
      features: COLUMNS.map(({ name, type }, index) => ({
        name,
        type: typed ? type : 'string',
        nullable: !typed || index > 0,
      })),
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      escape: dialect.escape,
      header: dialect.header,
      ...(dialect.header ? {} : { columns: COLUMNS.map(({ name }) => name) }),
      skip_rows: dialect.skipRows,
      ...(dialect.comment === null ? {} : { comment: dialect.comment }),
      trailing_delimiter: dialect.trailingDelimiter,
      row_delimiter: ROW_END[dialect.rowEnd],
      max_row_bytes: 65_536,
      max_columns: 64,
      slice_bytes: sliceBytes,
    });
    await using source = await openCsvSource(plan, { reserve: 0, loadedAt: 0n });
    const { rows, rejects } = await readSource(source);
    return {
      rows: rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
      told: rejects.map(({ offset, length }) => [offset, offset + length] as const),
      codes: rejects.map(({ code }) => code),
      refused: null,
    };
  } catch (error) {
    if (!(error instanceof AtlasError) || error.code === 'ATLAS_INTERNAL') throw error;
    return { rows: [], told: [], codes: [error.code], refused: `${error.code} ${error.message}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
