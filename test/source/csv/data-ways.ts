import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd';
import type { Source } from '../../../src/flow/source.ts';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import type { DataFolder } from './data-folder.ts';
import { planOf, type SourceInput } from './plan-of.ts';

/** A way for bytes to come in. */
export interface DataWay {
  readonly name: string;
  open(): Promise<Source>;
}

/** Cuts bytes into chunks of one size. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** A pipe that hands out chunks of one size, each a turn later. */
export function pipeOf(bytes: Uint8Array, chunkBytes: number): Readable {
  return Readable.from(cut(bytes, chunkBytes), { objectMode: false });
}

const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n } as const;

/** The same bytes (one input for each folder) as plain file, gzip in one and in three members, zstd in one and in two frames, and pipes of odd chunks. */
export function waysOf(
  bytes: Uint8Array,
  folder: DataFolder,
  source: Omit<SourceInput, 'path'>,
  { readBytes = 1 << 20, debug = true } = {},
): DataWay[] {
  const options = { ...OPTIONS, readBytes, debug };
  const features = source['features'] as SourceInput['features'];
  const third = Math.ceil(bytes.length / 3);
  const members = [bytes.subarray(0, third), bytes.subarray(third, 2 * third), bytes.subarray(2 * third)];
  const file = (name: string, content: Uint8Array): DataWay => ({
    name,
    open: () => {
      const path = folder.keep(name, content);
      return openCsvSource(planOf({ ...source, features, path }, folder.path), options);
    },
  });
  const pipe = (name: string, content: Uint8Array, chunkBytes: number): DataWay => ({
    name,
    open: () => {
      const stdin = pipeOf(content, chunkBytes);
      return openCsvSource(planOf({ ...source, features, path: '-' }), { ...options, stdin });
    },
  });
  const zipped = gzipSync(bytes);
  return [
    file('data.csv', bytes),
    file('data.csv.gz', zipped),
    file('data.members.gz', Buffer.concat(members.map((part) => gzipSync(part)))),
    file('data.csv.zst', compress(bytes)),
    file(
      'data.frames.zst',
      Buffer.concat(
        members
          .slice(0, 2)
          .map((part) => compress(part))
          .concat(compress(bytes.subarray(2 * third))),
      ),
    ),
    pipe('pipe of 1-byte chunks', bytes, 1),
    pipe('pipe of 7-byte chunks', bytes, 7),
    pipe('gzip in a pipe of 7-byte chunks', zipped, 7),
  ];
}
