import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { ByteFeed } from '../feed/byte-feed.ts';
import { InflatedFeed } from '../feed/inflated-feed.ts';
import { type InputCompression, MAGIC_BYTES, sniffCompression } from '../feed/sniff-compression.ts';
import { TranscodedFeed } from './encoding/transcoded-feed.ts';
import { WideFeed } from './wide/wide-feed.ts';

/** What the plan says of compression, or, where it says `auto`, what the first bytes say. */
export function decideCompression(plan: CsvSourcePlan, head: Uint8Array): InputCompression {
  return plan.compression === 'auto' ? sniffCompression(head.subarray(0, MAGIC_BYTES)) : plan.compression;
}

/** Whether the parser sees the bytes of a file as they stand on the disk, so that it can begin at any of them. */
export function readsAsStored(plan: CsvSourcePlan, compression: InputCompression): boolean {
  return compression === 'none' && plan.encoding === 'utf-8' && plan.wideDelimiter === null;
}

/** What the parser sees of a feed that stands at the start of an input: decompressed, in UTF-8, with a delimiter of one byte. */
export async function openFeed(
  raw: ByteFeed,
  compression: InputCompression,
  path: string,
  plan: CsvSourcePlan,
  signal: AbortSignal,
): Promise<ByteFeed> {
  const inflated = compression === 'none' ? raw : await InflatedFeed.open(compression, raw, path, plan, signal);
  const text = plan.encoding === 'utf-8' ? inflated : new TranscodedFeed(inflated, plan.encoding, path);
  return plan.wideDelimiter === null ? text : new WideFeed(text, plan, plan.wideDelimiter, path);
}
