import { gunzipSync, constants as zlib } from 'node:zlib';
import { AtlasError } from '../../errors.ts';
import { schemeOf } from '../../metadata/path-scheme.ts';
import type { Stores } from '../../registry.ts';

/** What a file of records is. */
export type RecordsFormat = 'csv' | 'parquet' | 'jsonl';

/** A format, and what says so. */
export interface FoundFormat {
  readonly format: RecordsFormat;
  readonly by: 'option' | 'name' | 'content';
}

const ENDINGS: readonly (readonly [RegExp, RecordsFormat])[] = [
  [/\.(csv|tsv|tab|psv)$/i, 'csv'],
  [/\.(parquet|pq|parq)$/i, 'parquet'],
  [/\.(jsonl|ndjson|jsonlines)$/i, 'jsonl'],
];
const COMPRESSED = /\.(gz|gzip|zst|zstd)$/i;
/** Bytes at the start of a file that are looked at. */
const START = 65_536;

/**
 * What a file is: as the option says, else by its name, else by its first bytes (`PAR1`, an object in braces, else text with columns).
 * `name` is what it is called, `path` where it can be read. Fails with ATLAS_USAGE where nothing tells.
 */
export async function findFormat(
  { name, path }: { readonly name: string; readonly path: string },
  given: RecordsFormat | null,
  { stores, signal }: { readonly stores: Stores; readonly signal: AbortSignal },
): Promise<FoundFormat> {
  if (given !== null) return { format: given, by: 'option' };
  const bare = name.replace(COMPRESSED, '');
  const known = ENDINGS.find(([ending]) => ending.test(bare));
  if (known !== undefined) return { format: known[1], by: 'name' };
  const store = await stores.of(path);
  const found = await store.look(await store.resolve(path, { signal }), { signal });
  if (found.kind === 'absent') {
    throw new AtlasError('ATLAS_INPUT_NOT_FOUND', `there is no file ${name}`, {
      place: { file: name },
      hint: schemeOf(path) === null ? 'Relative paths start at the working directory.' : 'Check the path.',
    });
  }
  if (found.kind !== 'file') {
    throw new AtlasError('ATLAS_INPUT_UNREADABLE', `${name} is a ${found.kind}, no file`, { place: { file: name } });
  }
  await using reader = await store.open(path, { signal });
  const start = await reader.read(0, Math.min(START, reader.length));
  return { format: formatOf(inflated(start, name), name), by: 'content' };
}

function formatOf(bytes: Uint8Array, name: string): RecordsFormat {
  if (bytes.length >= 4 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1') return 'parquet';
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text.startsWith('{')) return 'jsonl';
  if (!text.startsWith('[')) return 'csv';
  throw undecided(name, 'it begins with [, as a JSON array does: one object a line is expected');
}

function inflated(bytes: Uint8Array, name: string): Uint8Array {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic === '28b52ffd') throw undecided(name, 'it is compressed (zstd), and its name does not say what is in it');
  if (!magic.startsWith('1f8b')) return bytes;
  try {
    return gunzipSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 64 * START });
  } catch (cause) {
    throw new AtlasError('ATLAS_INPUT_COMPRESSION', `${name} begins as gzip and cannot be inflated`, {
      cause,
      place: { file: name },
    });
  }
}

function undecided(name: string, why: string): AtlasError {
  return new AtlasError('ATLAS_USAGE', `${name}: ${why}`, {
    place: { file: name },
    hint: 'Say what it is: --format csv, parquet or jsonl.',
  });
}
