import { AtlasError } from '../../../errors.ts';
import type { Proof, StoreChecksum, StoreOptions } from '../../store.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { downloadStream } from '../download.ts';
import { type FileStatus, foundOfStatus } from '../file-status.ts';
import { askChecksum } from './ask-checksum.ts';
import { formOf } from './checksum-form.ts';
import type { UsualKind } from './usual-kind.ts';
import type { WrittenChecksum } from './written-checksum.ts';

/**
 * Holds HDFS's own checksum of a file of the right length against that of what was written. Where the cluster sums otherwise than was
 * expected the file is read again, once: the next one is summed as this one is. Fails with ATLAS_STORE_CORRUPT.
 */
export async function proveFile(
  nodes: NameNodes,
  path: string,
  status: FileStatus,
  written: WrittenChecksum,
  usual: UsualKind,
  options: StoreOptions,
): Promise<Proof> {
  const checksum = await askChecksum(nodes, path, options);
  if ('none' in checksum) return { compared: `length only: ${checksum.none}`, checksum: null, content: false };
  const { algorithm, value } = checksum;
  const form = formOf(algorithm);
  const beyond = whyNotComparable(status, form?.name ?? null, algorithm);
  if (form === null || beyond !== null) return { compared: `length only: ${beyond}`, checksum, content: false };
  const expected = written.expected(algorithm);
  if (expected?.includes(value)) return { compared: `length and ${algorithm}`, checksum, content: true };
  if (expected !== null) throw corrupt(path, checksum, { algorithm, value: expected[0] ?? '' });
  usual.learn({ type: form.type, chunkBytes: form.name === 'md5' ? form.chunkBytes : written.kind.chunkBytes });
  const ours = await readAgain(nodes, path, status, written, options);
  const compared = `length and ${ours}, read again because HDFS answers ${algorithm}`;
  return { compared, checksum, content: true };
}

function whyNotComparable(status: FileStatus, form: 'md5' | 'composite' | null, algorithm: string): string | null {
  if (status.encBit === true) return `the file is encrypted, and HDFS's ${algorithm} is of what it is encrypted to`;
  if (form === null) return `HDFS answers ${algorithm}, which is not known here`;
  if (status.ecBit === true && form === 'md5') return `the file is erasure coded, and its ${algorithm} is of its cells`;
  return null;
}

/** Sums the bytes that HDFS gives back as those were that were written; answers the name of the sum. */
async function readAgain(
  nodes: NameNodes,
  path: string,
  status: FileStatus,
  written: WrittenChecksum,
  options: StoreOptions,
): Promise<string> {
  const again = written.fresh();
  again.setBlockBytes(status.blockSize);
  const range = { from: 0, to: status.length, found: foundOfStatus(status, nodes.plan.name) };
  for await (const bytes of downloadStream(nodes, path, range, options)) again.update(bytes);
  const algorithm = written.algorithm ?? `COMPOSITE-${written.kind.type}`;
  const [ours = ''] = written.expected(algorithm) ?? [];
  const [theirs = ''] = again.expected(algorithm) ?? [];
  if (ours !== '' && ours === theirs) return algorithm;
  throw corrupt(path, { algorithm, value: theirs }, { algorithm, value: ours });
}

function corrupt(path: string, held: StoreChecksum, written: StoreChecksum): AtlasError {
  const message = `${path}: HDFS holds ${held.algorithm} ${held.value}, what was written has ${written.value}`;
  return new AtlasError('ATLAS_STORE_CORRUPT', message, { place: { file: path } });
}
