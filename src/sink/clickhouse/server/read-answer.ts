import { isUtf8 } from 'node:buffer';
import type { Answer, Row } from './clickhouse-server.ts';

/** Settings under which `readAnswer` reads exactly what is there. */
export const ANSWER_SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  output_format_json_quote_64bit_floats: 0,
  output_format_json_named_tuples_as_objects: 1,
  output_format_json_validate_utf8: 0,
} as const;

/** Lines of JSON: names, types, then the cells of each row. JSONCompact would mend text that is no UTF-8. */
export const ANSWER_FORMAT = 'JSONCompactEachRowWithNamesAndTypes';

const LINE_END = 10;

/** Reads an answer in that format; a statement that answers nothing at all answers no rows. Fails with SyntaxError. */
export function readAnswer(bytes: Uint8Array): Answer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = isUtf8(buffer) ? (line: Buffer): unknown => JSON.parse(line.toString('utf8')) : readBytes;
  const lines: unknown[][] = [];
  for (let at = 0; at < buffer.length; ) {
    const found = buffer.indexOf(LINE_END, at);
    const end = found < 0 ? buffer.length : found;
    lines.push(read(buffer.subarray(at, end)) as unknown[]);
    at = end + 1;
  }
  const [names = [], types = [], ...rows] = lines;
  return { columns: names.map((name, index) => ({ name: String(name), type: String(types[index]) })), rows };
}

/** The rows as objects. */
export function rowsOf({ columns, rows }: Answer): readonly Row[] {
  return rows.map((cells) => Object.fromEntries(columns.map(({ name }, index) => [name, cells[index]])));
}

/** JSON is ASCII but for its texts: read as bytes, each text is then either UTF-8 or kept as it is. */
function readBytes(buffer: Buffer): unknown {
  return JSON.parse(buffer.toString('latin1'), (_key, value: unknown) => {
    if (typeof value === 'string') return textOrBytes(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [String(textOrBytes(key)), held]));
  });
}

function textOrBytes(latin: string): string | Uint8Array {
  // characters above 255 come from escapes (\u2028): their own UTF-8
  const bytes = Buffer.from(
    latin.replaceAll(/[\u0100-\uffff]+/g, (wide) => Buffer.from(wide, 'utf8').toString('latin1')),
    'latin1',
  );
  return isUtf8(bytes) ? bytes.toString('utf8') : new Uint8Array(bytes);
}
