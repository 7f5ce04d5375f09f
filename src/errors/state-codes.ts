import { type Entry, entry } from './code-entry.ts';

/** The codes of watermarks: how far incremental datasets came. */
export const STATE_CODES = {
  ATLAS_STATE_LOST: entry(
    1,
    'The target holds rows, and the ledger knows no watermark of the dataset: it cannot be told which rows are new.',
    'Run with --since <value> to read the rows above a value, or with --full-refresh to replace all that is there.',
  ),
  ATLAS_STATE_TARGET_EMPTY: entry(
    1,
    'By its watermark the target holds rows, and nothing is there.',
    'Run with --full-refresh to read all rows again, or confirm the watermark with atlas-ingest state set.',
  ),
  ATLAS_STATE_SOURCE: entry(
    1,
    'The watermark of the target is that of another table, query, condition or column.',
    'Run with --full-refresh to replace all that is there, or with --since <value> (or start) to add the rows above a value.',
  ),
  ATLAS_STATE_KIND: entry(
    1,
    'The column that is followed has another type than the watermark.',
    'Run with --full-refresh, or give the watermark anew with atlas-ingest state set.',
  ),
  ATLAS_STATE_KNOWN: entry(
    2,
    '--since is given, and there is a watermark.',
    'Leave --since out, or move the watermark with atlas-ingest state set.',
  ),
  ATLAS_STATE_VALUE: entry(
    2,
    'A value cannot be a watermark: it has no place in the order of its column.',
    'Write it as the message says; leave infinity and NaN out by a condition (where).',
  ),
  ATLAS_STATE_NULLS: entry(
    1,
    'Rows have no value in the column that is followed, and nulls is fail.',
    'Set nulls to exclude (left out, and counted) or include, or mend the rows.',
  ),
  ATLAS_STATE_GAP: entry(
    1,
    'A backfill begins above the watermark: rows between the two would be read by no run, or twice.',
    'Begin at or below the watermark, or run without --from first.',
  ),
  ATLAS_STATE_COVERED: entry(
    1,
    'Some of what a backfill is to read was published before, in the middle of it.',
    'Give a smaller --chunk, or begin and end where the message says.',
  ),
  ATLAS_STATE_UNKNOWN: entry(
    1,
    'There is no watermark of this dataset, or there are several.',
    'Look at atlas-ingest state show; name one by --target. A first one is given by run --since.',
  ),
  ATLAS_STATE_PENDING: entry(
    1,
    'A run of this target was interrupted, and has still to be settled.',
    'Run the dataset once more, then set its watermark.',
  ),
  ATLAS_STATE_MOVED: entry(
    1,
    'A watermark is no longer what it was when it was looked at.',
    'Look at it again (atlas-ingest state show), then set it.',
    true,
  ),
} as const satisfies Readonly<Record<string, Entry>>;
