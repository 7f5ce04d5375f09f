import type { CsvSourcePlan } from '../../src/flow/dataset-plan.ts';
import type { FuzzDice } from './fuzz-dice.ts';

/** Cells that are right for their types, mostly. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  int: ['0', '-1', '7', '123456', '2147483647', '+5', '1.0', '99999999999', 'x', ''],
  float: ['1.5', '-0', '0.1', '1e10', '123456789.123456789', 'nan', 'inf', '.5', '1e400', ''],
  decimal: ['1.5', '-1234567.89', '0', '12.00', '1.234', '1e2', ''],
  boolean: ['true', 'f', '1', 'yes', ''],
  date: ['2024-02-29', '1969-12-31', '2023-02-29', '0001-01-01', ''],
  timestamp: ['2024-02-29T12:34:56', '2024-01-01 00:00:00.123456', '2024-01-01', '2024-01-01T00:00:00Z', ''],
  time: ['12:34:56', '00:00', '23:59:59.999', '24:00', ''],
  uuid: ['00112233-4455-6677-8899-aabbccddeeff', '00112233445566778899AABBCCDDEEFF', 'z'],
  json: ['{}', '[1,2]', '1', '{', '"x"'],
  binary: ['abc', '', 'x'.repeat(20)],
  string: [
    '',
    'a',
    'plain text',
    'é and ü',
    'two, three',
    'semi;colon',
    'he said "no"',
    "it's",
    'a\nb',
    'a\r\nb',
    ' blank ',
    'back\\slash',
    'y'.repeat(70),
    'NULL',
    '#no',
    '-',
    '1',
  ],
};

/** A table of the plan's features, written in its dialect: rows of which most are right. */
export function fuzzTable(plan: CsvSourcePlan, dice: FuzzDice): Uint8Array {
  const byte = (value: number) => String.fromCharCode(value);
  const delimiter = byte(plan.delimiter);
  const end =
    typeof plan.rowDelimiter === 'number'
      ? byte(plan.rowDelimiter)
      : plan.rowDelimiter === 'cr'
        ? '\r'
        : dice.pick(['\n', '\n', '\r\n']);
  const often = 1 + dice.roll(6);
  const cell = (text: string): string => {
    const { quote } = plan;
    if (quote === null)
      return plan.bareEscapes ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : text.replaceAll(/[\r\n]/g, '');
    const mark = byte(quote);
    const needs = [delimiter, mark, '\n', '\r', end].some((each) => text.includes(each));
    if (!needs && !dice.once(often)) return text;
    const escaping = byte(plan.escape);
    const inner = escaping === mark ? text : text.replaceAll(escaping, escaping + escaping);
    return mark + inner.replaceAll(mark, escaping + mark) + mark;
  };
  const pad = () => (plan.trim && dice.once(3) ? dice.pick([' ', '\t', '  ']) : '');
  const row = (cells: readonly string[]): string =>
    cells.map((text) => pad() + cell(text) + pad()).join(delimiter) + (plan.trailingDelimiter ? delimiter : '') + end;
  const header = plan.features.map(({ from }) => from);
  const parts = plan.header ? [row(header)] : [];
  for (let left = dice.size(dice.once(20) ? 400 : 40); left > 0; left -= 1) {
    if (plan.comment !== null && dice.once(6)) parts.push(`${byte(plan.comment)} a "comment"${end}`);
    if (plan.header && dice.once(30)) parts.push(row(header));
    parts.push(row(plan.features.map(({ type }) => cellOf(type.kind, dice))));
  }
  const text = parts.join('');
  return new Uint8Array(Buffer.from(dice.once(3) ? text.slice(0, text.length - end.length) : text));
}

function cellOf(kind: string, dice: FuzzDice): string {
  const cells = CELLS[kind] ?? CELLS['string'] ?? [];
  return dice.once(4) ? dice.pick(cells) : (cells[dice.roll(Math.min(3, cells.length))] ?? '');
}
