import type { RejectBlock } from '../flow/reject-block.ts';

const LF = 10;
const ZERO = 48;
/** Digits of the greatest line number. */
const NUMBER_BYTES = 16;

/** Bytes that the first `count` lines of a block may take. */
export function numberedBytes(block: RejectBlock, count: number): number {
  return block.text.length + count * NUMBER_BYTES;
}

/** Writes the first `count` lines of a block, numbered, at `at`; answers where they end. `linesBefore` = lines of the file before the task. */
export function writeNumbered(
  { count: all, text, lines }: RejectBlock,
  count: number,
  linesBefore: number,
  target: Buffer,
  at: number,
): number {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.length);
  let from = 0;
  let to = at;
  for (let i = 0; i < count; i++) {
    const mark = bytes.indexOf(0, from);
    to += bytes.copy(target, to, from, mark);
    to = writeDigits(target, to, linesBefore + (lines[i] as number) + 1);
    from = mark + 1;
  }
  const end = count === all ? bytes.length : bytes.indexOf(LF, from) + 1;
  return to + (count === 0 ? 0 : bytes.copy(target, to, from, end));
}

function writeDigits(target: Buffer, at: number, value: number): number {
  let end = at + 1;
  for (let bound = 10; value >= bound; bound *= 10) end++;
  let rest = value;
  for (let i = end - 1; i >= at; i--) {
    const next = Math.floor(rest / 10);
    target[i] = ZERO + rest - next * 10;
    rest = next;
  }
  return end;
}
