import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { ByteFeed } from './byte-feed.ts';
import { InflatedFeed } from './inflated-feed.ts';
import { type InputCompression, MAGIC_BYTES, sniffCompression } from './sniff-compression.ts';

/** What the plan says of compression, or, where it says `auto`, what the first bytes say. */
export function decideCompression(plan: CsvSourcePlan, head: Uint8Array): InputCompression {
  return plan.compression === 'auto' ? sniffCompression(head.subarray(0, MAGIC_BYTES)) : plan.compression;
}

/** The decompressed bytes of a feed that stands at the start of an input. */
export async function openFeed(
  raw: ByteFeed,
  compression: InputCompression,
  path: string,
  plan: CsvSourcePlan,
  signal: AbortSignal,
): Promise<ByteFeed> {
  return compression === 'none' ? raw : InflatedFeed.open(compression, raw, path, plan, signal);
}
