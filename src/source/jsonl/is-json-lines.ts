import type { JsonlSourcePlan } from '../../flow/dataset-plan.ts';
import { FileFeed } from '../feed/file-feed.ts';
import { Head } from '../feed/head.ts';
import { MAGIC_BYTES } from '../feed/sniff-compression.ts';
import type { InputAccess } from '../input.ts';
import { openInput } from '../open-input.ts';
import { decideCompression, openFeed } from './open-feed.ts';

/** Bytes that are looked at. */
const MOST = 1 << 20;
/** Enough for a first line that is looked at. */
const LIMITS = { maxInflatedBytes: 1 << 30, maxInflationRatio: 1_000_000 } as const;

/**
 * Whether a file holds JSON lines, by its start: the first line that is not blank is an object, as far as it can be seen.
 * Fails with ATLAS_INPUT_* where it cannot be read.
 */
export async function isJsonLines(
  path: string,
  compression: JsonlSourcePlan['compression'],
  access: InputAccess,
): Promise<boolean> {
  const plan = { compression, ...LIMITS };
  await using input = await openInput(path, null, access);
  const magic = new Uint8Array(MAGIC_BYTES);
  const kind = decideCompression(plan, magic.subarray(0, await input.read(magic, 0)));
  await using feed = await openFeed(new FileFeed(input, 0), kind, path, plan, access.signal);
  const head = new Head(feed);
  for (;;) {
    await head.more();
    const text = Buffer.from(head.bytes)
      .toString()
      .replace(/^\ufeff?\s+|^\ufeff/, '');
    const end = text.indexOf('\n');
    if (text !== '' && !text.startsWith('{')) return false;
    if (end >= 0 || head.ended) return isObject(end < 0 ? text : text.slice(0, end));
    if (head.bytes.length >= MOST) return /^\{\s*"/.test(text);
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
