import type { JsonlSourcePlan } from '../../flow/dataset-plan.ts';
import type { ByteFeed } from '../feed/byte-feed.ts';
import { InflatedFeed } from '../feed/inflated-feed.ts';
import { type InputCompression, MAGIC_BYTES, sniffCompression } from '../feed/sniff-compression.ts';

type FeedPlan = Pick<JsonlSourcePlan, 'compression' | 'maxInflatedBytes' | 'maxInflationRatio'>;

/** What the plan says of compression, or, where it says `auto`, what the first bytes say. */
export function decideCompression({ compression }: FeedPlan, head: Uint8Array): InputCompression {
  return compression === 'auto' ? sniffCompression(head.subarray(0, MAGIC_BYTES)) : compression;
}

/** What the parser sees of a feed that stands at the start of an input. */
export async function openFeed(
  raw: ByteFeed,
  compression: InputCompression,
  path: string,
  plan: FeedPlan,
  signal: AbortSignal,
): Promise<ByteFeed> {
  return compression === 'none' ? raw : InflatedFeed.open(compression, raw, path, plan, signal);
}
