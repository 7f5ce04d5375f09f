import { describe, expect, it } from 'vitest';
import type { WireDecoder } from '../../../src/source/wire/wire-decoder.ts';
import { type WireFeed, WireReader } from '../../../src/source/wire/wire-reader.ts';
import type { ForeignMessage } from '../../../src/source/wire/wire-shape.ts';
import { openDecoder, planOf } from './drive.ts';
import { copyOf } from './postgres-bytes.ts';

const options = { signal: new AbortController().signal };
const cells = (...texts: readonly string[]) => copyOf(texts.map((text) => [Buffer.from(text)]));

/** A feed of results, each whole; a new one begins where the one before was heard to its end. */
class MemoryFeed implements WireFeed {
  readonly heard: string[] = [];
  readonly #results: Buffer[];
  disposed = false;

  constructor(results: readonly Buffer[]) {
    this.#results = [...results];
  }

  async fill(decoder: WireDecoder): Promise<boolean> {
    const result = this.#results.shift();
    if (result === undefined) return false;
    if (decoder.rows + decoder.rejected > 0) decoder.begin({ goOn: true });
    expect(decoder.write(result)).toBe(result.length);
    return true;
  }

  hear({ type }: ForeignMessage): void {
    this.heard.push(String.fromCharCode(type));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
  }
}

async function open(results: readonly Buffer[], rejectLimit = Number.POSITIVE_INFINITY) {
  const decoder = await openDecoder(planOf([{ type: 'int64', wire: { form: 'text' } }]), 'postgresql');
  const feed = new MemoryFeed(results);
  return { feed, reader: new WireReader(decoder, feed, { rejectLimit }) };
}

describe('a reader of rows', () => {
  it('delivers the batches of all results of its task, and counts rows and bytes', async () => {
    const results = [cells('1', 'x', '3'), cells('4')];
    const { feed, reader } = await open(results);
    const first = await reader.next(options);
    expect(first?.batch.rows).toBe(2);
    expect(first?.rejects).toMatchObject([{ line: 1, column: 'c0', code: 'ATLAS_CAST_SYNTAX' }]);
    await expect(reader.next(options)).rejects.toThrow('before the batch was released');
    expect(() => reader.tally()).toThrow('before next answered null');
    first?.batch.release();
    const second = await reader.next(options);
    expect(second?.batch.rows).toBe(1);
    second?.batch.release();
    second?.batch.release();
    expect(await reader.next(options)).toBe(null);
    expect(feed.heard).toEqual(['c', 'c']);
    const { spans, ...tally } = reader.tally();
    const bytes = results.reduce((sum, { length }) => sum + length - 5, 0);
    expect(tally).toEqual({ begin: 0, end: bytes, lines: 4, rowsRead: 4, rowsRejected: 1, stopped: false });
    expect(spans.header + spans.row + spans.reject).toBe(bytes);
    expect(reader.bytesRead).toBe(bytes);
    await reader[Symbol.asyncDispose]();
    expect(feed.disposed).toBe(true);
    await expect(reader.next(options)).rejects.toThrow('closed');
  });

  it('stops at its limit of rejects', async () => {
    const { reader } = await open([cells('x', '2', 'y', 'z')], 2);
    const delivery = await reader.next(options);
    expect(delivery?.rejects.map(({ line }) => line)).toEqual([0, 2]);
    delivery?.batch.release();
    expect(await reader.next(options)).toBe(null);
    expect(reader.tally()).toMatchObject({ rowsRejected: 2, stopped: true });
  });

  it('fails where the rows end inside a row', async () => {
    const { reader } = await open([cells('1', '2').subarray(0, -20)]);
    await expect(reader.next(options)).rejects.toMatchObject({ code: 'ATLAS_DB_PROTOCOL' });
  });
});
