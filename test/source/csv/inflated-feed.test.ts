import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { InflatedFeed } from '../../../src/source/feed/inflated-feed.ts';
import { StreamFeed } from '../../../src/source/feed/stream-feed.ts';
import { pipeOf } from './data-ways.ts';

const OPEN = { maxInflatedBytes: 2 ** 40, maxInflationRatio: 1e6 };

async function inflate(
  kind: 'gzip' | 'zstd',
  compressed: Uint8Array,
  { limits = OPEN, chunkBytes = 1 << 16, signal = new AbortController().signal } = {},
): Promise<Buffer> {
  const raw = new StreamFeed(pipeOf(compressed, chunkBytes), signal, (error) => error);
  await using feed = await InflatedFeed.open(kind, raw, 'x', limits, signal);
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = new Uint8Array(1000);
    const count = await feed.fill(part);
    parts.push(part.subarray(0, count));
    if (count < part.length) break;
  }
  expect(feed.taken).toBe(compressed.length);
  return Buffer.concat(parts);
}

async function failure(promise: Promise<unknown>): Promise<AtlasError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AtlasError)) throw new Error(`no AtlasError, but ${String(error)}`);
  return error;
}

const text = Buffer.from(Array.from({ length: 5000 }, (_, i) => `row ${i * 7919},`).join(''));
const pack = { gzip: (bytes: Uint8Array) => gzipSync(bytes), zstd: (bytes: Uint8Array) => compress(bytes) } as const;

describe.each(['gzip', 'zstd'] as const)('%s', (kind) => {
  const one = Buffer.from(pack[kind](text));
  const two = Buffer.concat([one, pack[kind](Buffer.from('the end'))]);

  test.each([1, 7, 1 << 16])('members and frames in chunks of %i bytes', async (chunkBytes) => {
    expect((await inflate(kind, one, { chunkBytes })).equals(text)).toBe(true);
    expect((await inflate(kind, two, { chunkBytes })).equals(Buffer.concat([text, Buffer.from('the end')]))).toBe(true);
    expect((await inflate(kind, Buffer.from(pack[kind](new Uint8Array(0))), { chunkBytes })).length).toBe(0);
  });

  test('a cut in any place is noticed', async () => {
    const places = [0, 1, 3, 4, 5, 10, one.length - 1, one.length - 5, one.length + 1, one.length + 6, two.length - 1];
    for (const place of places) {
      const error = await failure(inflate(kind, two.subarray(0, place), { chunkBytes: place % 2 ? 7 : 1 << 16 }));
      expect(error.code, `cut at ${place}`).toBe('ATLAS_INPUT_COMPRESSION');
    }
  });

  test('other bytes after the end are noticed', async () => {
    for (const junk of ['junk', 'j', '\0\0\0junk', 'a,b\n1,2\n']) {
      const error = await failure(inflate(kind, Buffer.concat([two, Buffer.from(junk)])));
      expect(error.code, JSON.stringify(junk)).toBe('ATLAS_INPUT_COMPRESSION');
    }
  });

  test('a changed byte gives the same bytes or an error, never an endless wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(one.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const changed = Buffer.from(one);
        changed[place] = (changed[place] ?? 0) ^ flip;
        const answer = await inflate(kind, changed).catch((error: unknown) => error);
        if (answer instanceof Error) expect((answer as AtlasError).code).toBe('ATLAS_INPUT_COMPRESSION');
        // gzip carries a checksum; the zstd data of this test carries none.
        else if (kind === 'gzip') expect((answer as Buffer).equals(text)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('the limits hold, and both numbers are told', async () => {
    const limits = { ...OPEN, maxInflatedBytes: 20_000 };
    const error = await failure(inflate(kind, one, { limits }));
    expect(error.code).toBe('ATLAS_INPUT_INFLATES');
    expect(error.message).toMatch(/20000 bytes \(\d{5} so far\)/);
    const zeros = Buffer.from(pack[kind](new Uint8Array(64 << 20)));
    const bomb = await failure(inflate(kind, zeros, { limits: { ...OPEN, maxInflationRatio: 200 } }));
    expect(bomb.code).toBe('ATLAS_INPUT_INFLATES');
    expect(bomb.message).toMatch(/inflates \d+ bytes to \d+, more than 200 to 1/);
  });

  test('what is small may be as dense as it likes', async () => {
    expect((await inflate(kind, Buffer.from(pack[kind](new Uint8Array(4 << 20))))).length).toBe(4 << 20);
  });

  test('an abort ends a wait', async () => {
    const controller = new AbortController();
    const stream = pipeOf(one, 10);
    const raw = new StreamFeed(stream, controller.signal, (error) => error);
    await using feed = await InflatedFeed.open(kind, raw, 'x', OPEN, controller.signal);
    const filling = feed.fill(new Uint8Array(1 << 24));
    controller.abort(new Error('enough'));
    await expect(filling).rejects.toThrow('enough');
  });
});

test('zero bytes after the last gzip member are padding', async () => {
  const padded = Buffer.concat([gzipSync(text), new Uint8Array(100_000)]);
  expect((await inflate('gzip', padded)).equals(text)).toBe(true);
});

test('zstd frames that hold nothing are passed over', async () => {
  const skippable = Buffer.from([0x52, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const mixed = Buffer.concat([skippable, compress(text), skippable]);
  expect((await inflate('zstd', mixed, { chunkBytes: 1 })).equals(text)).toBe(true);
});
