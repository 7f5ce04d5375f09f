import type { Input } from '../../input.ts';
import { replayFileError } from './replay-line.ts';

const BLOCK = 1 << 20;
const LF = 10;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MARK = '\u{feff}';

/** A line that is not blank. */
export interface TextLine {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  /** Where it begins, and where the next one does. */
  readonly begin: number;
  readonly end: number;
}

/**
 * The lines of a JSON-lines file from `from` (which is line `first`) to `to`, whatever an editor did to their ends; a byte order mark at
 * the start of the file is passed over. Fails with ATLAS_REPLAY_FILE where a line is longer than `longest` bytes or not UTF-8.
 */
export async function* replayLines(
  file: Input,
  range: { readonly from: number; readonly to: number; readonly first: number },
  longest: number,
): AsyncGenerator<TextLine, void, void> {
  file.readsTo(range.to);
  let block = new Uint8Array(BLOCK);
  let held = 0;
  let at = range.from;
  let number = range.first;
  const textOf = (bytes: Uint8Array): string => {
    try {
      const text = UTF8.decode(bytes);
      return number === 1 && text.startsWith(MARK) ? text.slice(1) : text;
    } catch {
      throw replayFileError('it is not UTF-8', file.path, number);
    }
  };
  for (;;) {
    const room = block.subarray(held, held + Math.min(block.length - held, range.to - at - held));
    held += await file.read(room, at + held);
    const ended = at + held === range.to || room.length === 0;
    let start = 0;
    for (let end = block.indexOf(LF, start); end >= 0 && end < held; end = block.indexOf(LF, start)) {
      const text = textOf(block.subarray(start, end));
      if (text.trim() !== '') yield { text, number, begin: at + start, end: at + end + 1 };
      number += 1;
      start = end + 1;
    }
    if (ended && start < held) {
      const text = textOf(block.subarray(start, held));
      if (text.trim() !== '') yield { text, number, begin: at + start, end: at + held };
    }
    if (ended) return;
    block.copyWithin(0, start, held);
    held -= start;
    at += start;
    if (held < block.length) continue;
    if (block.length >= longest) throw replayFileError(`it is longer than ${longest} bytes`, file.path, number);
    const grown = new Uint8Array(Math.min(longest, block.length * 2));
    grown.set(block);
    block = grown;
  }
}
