import { AtlasError } from '../../errors.ts';
import type { Survey } from '../../flow/source.ts';

/** The snapshot told of a row, and none came: the watermark must not move over it. Fails with ATLAS_ROWS_UNACCOUNTED. */
export function refuseUnread({ watermark, empty }: Survey, read: number): void {
  if (read > 0 || watermark === undefined || empty) return;
  const message = `the snapshot holds rows of the range, up to ${watermark.reached ?? 'those without a value'}, and none was read`;
  throw new AtlasError('ATLAS_ROWS_UNACCOUNTED', message);
}
