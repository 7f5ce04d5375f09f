import { type Entry, entry } from './code-entry.ts';

/** The codes of watermarks: how far incremental datasets came. */
export const STATE_CODES = {
  ATLAS_STATE_MOVED: entry(
    1,
    'A watermark is no longer what it was when it was looked at.',
    'Look at it again (atlas-ingest state show), then set it.',
    true,
  ),
} as const satisfies Readonly<Record<string, Entry>>;
