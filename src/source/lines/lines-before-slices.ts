import { setImmediate } from 'node:timers/promises';
import type { FileSourcePlan } from '../../flow/dataset-plan.ts';
import type { Input } from '../input.ts';
import { countLineEnds, type Newline } from './line-end.ts';

const READ = 1 << 20;

/**
 * Physical lines before each slice of a plain file, so that `@line` is the line in the file whoever reads the slice. Reads the
 * whole file; null where no feature asks for it, or one slice is all there is.
 */
export async function linesBeforeSlices(
  file: Input,
  newline: Newline,
  plan: Pick<FileSourcePlan, 'features' | 'sliceBytes'>,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const wanted = plan.features.some(({ constant }) => constant?.kind === 'line');
  if (!wanted || file.bytes <= plan.sliceBytes) return null;
  file.readsTo(file.bytes);
  const before: number[] = [];
  let lines = 0;
  for (let slice = 0; slice < file.bytes; slice += plan.sliceBytes) {
    before.push(lines);
    lines += await countLines(file, slice, Math.min(slice + plan.sliceBytes, file.bytes), newline);
    await setImmediate();
    signal.throwIfAborted();
  }
  return before;
}

/** Line ends that begin in `from … to` of a file. */
export async function countLines(file: Input, from: number, to: number, newline: Newline): Promise<number> {
  const chunk = new Uint8Array(Math.min(READ, Math.max(0, to - from)));
  let lines = 0;
  for (let at = from; at < to; at += chunk.length) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, to - at)), at);
    lines += countLineEnds(chunk.subarray(0, count), newline);
  }
  return lines;
}
