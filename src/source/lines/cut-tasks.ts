import type { Task } from '../../flow/task.ts';
import { encodeSlice, type FileSlice } from './file-slice.ts';
import type { LineFile } from './line-file.ts';

/**
 * Cuts the inputs into tasks of `sliceBytes`, counted from the start of each file: a function of the sizes and the plan only.
 * Consecutive plain files that fit into one slice together share a task; a pipe, or a file that is inflated or transcoded, is a task of its own.
 */
export function cutTasks(
  files: readonly Pick<LineFile, 'bytes' | 'plain' | 'start'>[],
  sliceBytes: number,
): readonly Task[] {
  const slices: (FileSlice & { readonly bytes: number | null; readonly plain: boolean })[] = [];
  let packed = 0;
  for (const [index, file] of files.entries()) {
    const { plain } = file;
    const whole = { first: index, last: index, from: 0, to: null, bytes: file.bytes, plain };
    if (file.bytes === 0) continue;
    if (file.bytes === null || !plain) {
      slices.push(whole);
      packed = 0;
      continue;
    }
    const open = packed > 0 ? slices.at(-1) : undefined;
    if (open && packed + file.bytes <= sliceBytes) {
      packed += file.bytes;
      slices[slices.length - 1] = { ...open, last: index, bytes: packed };
      continue;
    }
    packed = file.bytes < sliceBytes ? file.bytes : 0;
    if (packed > 0) slices.push(whole);
    else slices.push(...cutFile(index, file.bytes, file.start, sliceBytes));
  }
  return slices.map(({ bytes, plain, ...slice }, index) => ({
    index,
    follows: slice.from > 0,
    begin: slice.from > 0 ? null : 0,
    bytes,
    // a record has a byte, its line end, but for the last one
    ...(plain && bytes !== null ? { rowsAtMost: bytes + 1 } : {}),
    slice: encodeSlice(slice),
  }));
}

function* cutFile(index: number, bytes: number, start: number, sliceBytes: number) {
  let from = 0;
  let to = (Math.floor(start / sliceBytes) + 1) * sliceBytes;
  for (; to < bytes; from = to, to += sliceBytes)
    yield { first: index, last: index, from, to, bytes: to - from, plain: true };
  yield { first: index, last: index, from, to: null, bytes: bytes - from, plain: true };
}
