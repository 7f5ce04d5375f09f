import type { Beginning } from './beginning.ts';
import { describeRange } from './describe-range.ts';

/** That a run found nothing to read, for people. */
export function describeNothing({ how, range, before }: Beginning): string {
  const stays = before === null ? 'there is no watermark yet' : `the watermark stays ${before}`;
  return `no rows ${describeRange(range)}: ${how === 'backfill' ? 'nothing to publish' : 'nothing is new'}, ${stays}`;
}
