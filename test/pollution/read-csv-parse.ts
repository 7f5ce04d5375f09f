import { CsvError, type Options, parse } from 'csv-parse/sync';
import { COLUMNS } from './clean-table.ts';
import type { PollutedFile } from './polluted-file.ts';
import type { PollutedReading } from './verdict.ts';

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** csv-parse, told the dialect: strict, or with everything on that lets it go on. It knows no types; texts are compared. */
export function readCsvParse({ bytes, dialect }: PollutedFile, relaxed: boolean): PollutedReading {
  const lineStarts = startsOf(bytes, dialect.rowEnd === '\r' ? 13 : 10);
  const told: (readonly [number, number])[] = [];
  const codes: string[] = [];
  let before = 0;
  const tell = (from: number, to: number) =>
    told.push([
      lineStarts[Math.min(from, lineStarts.length - 1)] ?? 0,
      lineStarts[Math.max(to, from + 1)] ?? bytes.length,
    ]);
  const options: Options = {
    bom: true,
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    record_delimiter: ['\r\n', dialect.rowEnd],
    from_line: 1 + dialect.skipRows + (dialect.header ? 1 : 0),
    skip_empty_lines: true,
    info: true,
    ...(dialect.comment === null ? {} : { comment: dialect.comment, comment_no_infix: true }),
    ...(relaxed
      ? {
          relax_quotes: true,
          relax_column_count: true,
          skip_records_with_error: true,
          on_skip: (error: unknown) => {
            const lines =
              error instanceof CsvError
                ? Number((error as unknown as { lines?: number }).lines ?? before + 1)
                : before + 1;
            tell(before, lines);
            if (error instanceof CsvError) codes.push(error.code);
            before = lines;
          },
        }
      : {}),
    on_record: ((record: Row['record'], { lines }: { readonly lines: number }) => {
      before = lines;
      return record;
    }) as unknown as NonNullable<Options['on_record']>,
  };
  try {
    const rows = (parse(Buffer.from(bytes), options) as unknown as readonly Row[]).map(({ record }) =>
      dialect.trailingDelimiter && record.length === COLUMNS.length + 1 ? record.slice(0, -1) : record,
    );
    // Strict, it takes the first row's width for that of all, and knows no names.
    const odd = relaxed ? undefined : rows.find((row) => row.length !== COLUMNS.length);
    if (odd) return { rows: [], told: [], codes, refused: `${odd.length} fields` };
    return { rows, told, codes, refused: null };
  } catch (error) {
    if (error instanceof CsvError) codes.push(error.code);
    return { rows: [], told: [], codes, refused: error instanceof Error ? error.message : String(error) };
  }
}

function startsOf(bytes: Uint8Array, lineEnd: number): readonly number[] {
  const starts = [0];
  for (const [index, byte] of bytes.entries()) if (byte === lineEnd) starts.push(index + 1);
  return starts;
}
