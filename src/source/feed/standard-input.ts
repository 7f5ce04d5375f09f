import type { Readable } from 'node:stream';
import { AtlasError } from '../../errors.ts';
import { STDIN } from '../list-inputs.ts';
import { StreamFeed } from './stream-feed.ts';

/** Standard input as a feed; it is read once. Failing to read it is ATLAS_INPUT_UNREADABLE. */
export function feedStandardInput(stream: Readable, signal: AbortSignal): StreamFeed {
  return new StreamFeed(
    stream,
    signal,
    (error) =>
      new AtlasError('ATLAS_INPUT_UNREADABLE', `standard input could not be read: ${(error as Error).message}`, {
        cause: error,
        place: { file: STDIN },
      }),
  );
}
