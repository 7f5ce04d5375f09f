import type { Watermark } from '../flow/watermark.ts';

/** One dataset, its target and its source: what has a watermark of its own. */
export type WatermarkKey = Pick<Watermark, 'ocs' | 'dataset' | 'target' | 'source'>;

/** The watermarks of one group, or of one dataset of it. */
export interface WatermarksOf {
  readonly ocs: string;
  readonly dataset: string | null;
}
