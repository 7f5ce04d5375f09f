import { AtlasError } from '../../../errors.ts';
import type { StoreOptions } from '../../store.ts';
import { type Call, jsonOf } from '../call/call.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import type { CrcType } from './crc-type.ts';
import type { ChecksumKind } from './written-checksum.ts';

/** Hadoop's own defaults. */
const DEFAULT: ChecksumKind = { type: 'CRC32C', chunkBytes: 512 };
/** Ids of `checksumType` (org.apache.hadoop.util.DataChecksum). */
const TYPES: Readonly<Record<number, CrcType>> = { 1: 'CRC32', 2: 'CRC32C' };
/** Larger chunks than this are nobody's. */
const MOST_CHUNK = 1 << 20;

/**
 * How a cluster sums new files, by what its NameNode says of itself (GETSERVERDEFAULTS); where it does not say, Hadoop's defaults. It is
 * the DataNodes that sum, by their own configuration: what a file turns out to be is what counts, see `UsualKind.learn`.
 */
export class UsualKind {
  readonly #nodes: NameNodes;
  #known: Promise<ChecksumKind> | null = null;

  constructor(nodes: NameNodes) {
    this.#nodes = nodes;
  }

  async get(options: StoreOptions): Promise<ChecksumKind> {
    this.#known ??= askDefaults(this.#nodes, options);
    try {
      return await this.#known;
    } catch (error) {
      this.#known = null;
      throw error;
    }
  }

  /** Files are summed like this: expect it of the next one. */
  learn(kind: ChecksumKind): void {
    this.#known = Promise.resolve(kind);
  }
}

async function askDefaults(nodes: NameNodes, options: StoreOptions): Promise<ChecksumKind> {
  const call: Call = { method: 'GET', op: 'GETSERVERDEFAULTS', path: `hdfs://${nodes.plan.name}/`, repeatable: true };
  try {
    const answer = await nodes.call(call, options, (text) => jsonOf(call, text));
    const defaults = answer['FsServerDefaults'] as Record<string, unknown> | null | undefined;
    const type = TYPES[Number(defaults?.['checksumType'])] ?? DEFAULT.type;
    const bytes = Number(defaults?.['bytesPerChecksum']);
    const isUsable = Number.isInteger(bytes) && bytes > 0 && bytes <= MOST_CHUNK;
    return { type, chunkBytes: isUsable ? bytes : DEFAULT.chunkBytes };
  } catch (error) {
    options.signal.throwIfAborted();
    // Servers before Hadoop 3 do not know the question. One that cannot be reached will be noticed by the next call.
    if (error instanceof AtlasError) return DEFAULT;
    throw error;
  }
}
