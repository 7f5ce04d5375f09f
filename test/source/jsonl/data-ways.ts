import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd';
import { openJsonlSource } from '../../../src/source/jsonl/jsonl-source.ts';
import type { DataFolder } from '../csv/data-folder.ts';
import { type DataWay, pipeOf } from '../csv/data-ways.ts';
import type { SourceInput } from '../csv/plan-of.ts';
import { planOf } from './plan-of.ts';

const OPTIONS = { reserve: 0, loadedAt: 1_700_000_000_000_000n } as const;

/** The same bytes (one input for each folder) as plain file, gzip in one and in three members, zstd, and pipes of odd chunks. */
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
      return openJsonlSource(planOf({ ...source, features, path }, folder.path), options);
    },
  });
  const pipe = (name: string, content: Uint8Array, chunkBytes: number): DataWay => ({
    name,
    open: () => {
      const stdin = pipeOf(content, chunkBytes);
      return openJsonlSource(planOf({ ...source, features, path: '-' }), { ...options, stdin });
    },
  });
  return [
    file('data.jsonl', bytes),
    file('data.jsonl.gz', gzipSync(bytes)),
    file('data.members.gz', Buffer.concat(members.map((part) => gzipSync(part)))),
    file('data.jsonl.zst', compress(bytes)),
    pipe('pipe of 1-byte chunks', bytes, 1),
    pipe('pipe of 7-byte chunks', bytes, 7),
    pipe('gzip in a pipe of 7-byte chunks', gzipSync(bytes), 7),
  ];
}
