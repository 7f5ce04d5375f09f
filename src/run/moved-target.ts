import { AtlasError } from '../errors.ts';
import type { Sink } from '../flow/sink.ts';

/** A link on the way to the target was turned elsewhere, after the lock was taken. */
export function movedTarget({ target }: Sink, { target: now }: Sink): AtlasError {
  return new AtlasError('ATLAS_TARGET_CONFLICT', `the target was ${target}, and is now ${now}`, {
    place: { file: now },
  });
}
