import { CLICKHOUSE_CODES } from './errors/clickhouse-codes.ts';
import { type Entry, entry } from './errors/code-entry.ts';
import { DATABASE_CODES } from './errors/database-codes.ts';
import { HDFS_CODES } from './errors/hdfs-codes.ts';
import { JSON_CODES } from './errors/json-codes.ts';
import { LEDGER_CODES } from './errors/ledger-codes.ts';
import { STATE_CODES } from './errors/state-codes.ts';

/** Every code there is. A code is permanent: it may be retired, never reused. */
export const CODES = {
  // usage and metadata
  ATLAS_USAGE: entry(2, 'The command line could not be understood.', 'Run the command with --help.'),
  ATLAS_META_NOT_FOUND: entry(2, 'There is no metadata document for this ocs group.', 'Check --ocs and --metadata.'),
  ATLAS_META_SYNTAX: entry(2, 'The document is not JSON.', 'Mend it at the line and column named.'),
  ATLAS_META_INVALID: entry(
    2,
    'The metadata does not say what the schema allows.',
    'Mend each problem at the place named.',
  ),
  ATLAS_META_VARIABLE: entry(
    2,
    'A ${NAME} or {{ name }} has no value.',
    'Export the variable, add it to .env, give it a default, or pass --var name=value.',
  ),
  ATLAS_META_SECRET: entry(2, 'A password stands in the metadata as text.', 'Write ${NAME} or ${file:/path} instead.'),
  ATLAS_PLAN_LOSSY: entry(2, 'A source column is finer than its feature.', 'Declare the finer type, or set on_loss.'),
  // input
  ATLAS_INPUT_NOT_FOUND: entry(
    1,
    'No file matches the source path.',
    'Check the path; relative paths start at the folder that holds metadata/.',
  ),
  ATLAS_INPUT_UNREADABLE: entry(
    1,
    'An input could not be opened or read.',
    'Check that it is a regular file and that this user may read it.',
  ),
  ATLAS_INPUT_CHANGED: entry(1, 'An input changed while it was read.', 'Run again once the writer has finished.', true),
  ATLAS_INPUT_EMPTY: entry(1, 'The input holds no rows.', 'Set on_empty to skip or publish if that is all right.'),
  ATLAS_INPUT_COMPRESSION: entry(1, 'A compressed input is damaged or cut short.', 'Fetch it again.'),
  ATLAS_INPUT_INFLATES: entry(
    1,
    'A compressed input inflates beyond the limits.',
    'Raise max_inflated_bytes or max_inflation_ratio if you trust it.',
  ),
  ATLAS_CSV_HEADER_MISSING: entry(1, 'A feature has no column in the header.', 'Set `from` to the name in the header.'),
  ATLAS_CSV_HEADER_DUPLICATE: entry(
    1,
    'A header that a feature needs stands there twice.',
    'Rename one, or read the file with header: false and columns.',
  ),
  ATLAS_CSV_HEADER_INVALID: entry(1, 'The header row is damaged.', 'Check delimiter, quote and skip_rows.'),
  ATLAS_CSV_TOO_MANY_COLUMNS: entry(
    1,
    'A row has more columns than max_columns.',
    'Check the delimiter, or raise max_columns.',
  ),
  // rejects
  ATLAS_CSV_ROW_TOO_LONG: entry(
    1,
    'A row is longer than max_row_bytes.',
    'Check quote and line endings, or raise max_row_bytes.',
  ),
  ATLAS_CSV_TOO_FEW_FIELDS: entry(1, 'A row has fewer fields than the header.', 'Mend the row.'),
  ATLAS_CSV_TOO_MANY_FIELDS: entry(
    1,
    'A row has more fields than the header.',
    'Mend the row, or quote the field that holds the delimiter.',
  ),
  ATLAS_CSV_QUOTE_UNCLOSED: entry(
    1,
    'A quote is opened and never closed.',
    'Close it, or set quote to null if the file does not quote.',
  ),
  ATLAS_CSV_QUOTE_TRAILING: entry(
    1,
    'Text follows a closing quote.',
    'Double the quote inside the field, or set escape.',
  ),
  ATLAS_CSV_QUOTE_STRAY: entry(
    1,
    'A quote stands inside an unquoted field.',
    'Quote the field and double the quote, or set quote to null.',
  ),
  ATLAS_CSV_STRAY_CR: entry(
    1,
    'A carriage return stands alone in a file whose lines end otherwise.',
    'Quote the field, or mend the line endings.',
  ),
  ATLAS_CSV_HEADER_REPEATED: entry(
    1,
    'The header stands in the middle of a file once more.',
    'Files were joined: set repeated_header to skip, or to keep if it is data.',
  ),
  ATLAS_CSV_BOM_INSIDE: entry(
    1,
    'A byte order mark stands at the start of a row.',
    'Files were joined: remove the mark from the middle of the file.',
  ),
  ATLAS_CSV_ESCAPE: entry(
    1,
    'A backslash escape means nothing, or is not finished.',
    'Double the backslash, or remove escape if the file does not use it.',
  ),
  ATLAS_CSV_ENCODING: entry(
    1,
    'Bytes are not valid in the declared encoding.',
    'Check encoding; atlas-ingest init tells which one fits.',
  ),
  ATLAS_CSV_DAMAGED: entry(
    1,
    'A file whose delimiter has several characters is damaged, and damage cannot be contained there.',
    'Mend the row at the place named, or convert the file to a single-byte delimiter.',
  ),
  ATLAS_CSV_UTF8: entry(1, 'A field is not valid UTF-8.', 'Convert the file to UTF-8.'),
  ATLAS_CSV_NULL: entry(
    1,
    'A field is null and its feature is not nullable.',
    'Set nullable to true, or mend the row.',
  ),
  ATLAS_CAST_SYNTAX: entry(1, 'A value is not written as its type.', 'Check the type, the format and null_values.'),
  ATLAS_CAST_RANGE: entry(1, 'A value does not fit its type.', 'Declare a wider type.'),
  ATLAS_CAST_LOSS: entry(1, 'A value would lose digits in its type.', 'Declare a finer type, or set on_loss.'),
  ATLAS_CAST_CALENDAR: entry(1, 'A date or time does not exist.', 'Mend the row, or declare the column as string.'),
  ATLAS_CAST_ZONE: entry(
    1,
    'A local time is skipped or ambiguous in its zone.',
    'Write the offset in the data, or read it as timestamp.',
  ),
  ATLAS_REJECTS_FOUND: entry(
    1,
    'Rows could not be taken, and on_error is fail.',
    'Mend them, or set on_error to reject with max_rejects.',
  ),
  ATLAS_REJECTS_LIMIT: entry(
    1,
    'More rows were rejected than max_rejects allows.',
    'Look at the reject file; raise max_rejects if that is all right.',
  ),
  // drift
  ATLAS_DRIFT_FOUND: entry(
    1,
    'The columns differ between files, or from those of the last published run.',
    'Set on_drift to evolve or ignore, or mend the files or the features.',
  ),
  ATLAS_DRIFT_IMPOSSIBLE: entry(
    1,
    'The columns changed in a way that adding nullable columns and widening types cannot follow.',
    'Change the features, or mend the files.',
  ),
  // replay and init
  ATLAS_REPLAY_NOTHING: entry(2, 'The run left no rejects that could be replayed.', 'See atlas-ingest show.'),
  ATLAS_REPLAY_DONE: entry(
    2,
    'The rejects of this run were replayed already.',
    'Replay the run named in the message: it holds what remains.',
  ),
  ATLAS_REPLAY_FILE: entry(
    2,
    'A reject file cannot be read as one.',
    'Each line is one JSON object; mend it at the line named.',
  ),
  ATLAS_REPLAY_TARGET: entry(
    1,
    'The target no longer holds what the run published.',
    'Replay the newest run of the dataset, or run the group again.',
  ),
  ATLAS_REPLAY_RAW: entry(
    1,
    'The reject file does not hold the row whole: a row is cut at 64 KiB there.',
    'Write the whole row into raw and remove truncated, or mend the input and run the group again.',
  ),
  ATLAS_INIT_UNDECIDED: entry(
    1,
    'No dialect or encoding explains the file.',
    'Say it with the options of init, or write the document by hand.',
  ),
  // target
  ATLAS_TARGET_EXISTS: entry(
    1,
    'The target exists, and the mode does not replace it.',
    'Remove it, or choose mode overwrite.',
  ),
  ATLAS_TARGET_KIND: entry(
    1,
    'The target is not what the plan publishes (a folder for a file, or the reverse).',
    'Change the path, or move what is in the way.',
  ),
  ATLAS_TARGET_NOT_EMPTY: entry(
    1,
    'The target folder is not empty, and replacing many files where they stand is not one atomic step.',
    'Set layout to versioned, or mode to append or replace_partitions; or publish into a new folder.',
  ),
  ATLAS_TARGET_SCHEMA: entry(
    1,
    'The target folder holds other columns, types or partitions than those that would be added to it.',
    'Mend the features, or publish into another folder.',
  ),
  ATLAS_TARGET_PARTLY: entry(
    1,
    'A part of the files that an earlier run added for the same input is gone from the target.',
    'Put them back, or remove the rest of them; --force adds the input once more whatever is there.',
  ),
  ATLAS_TARGET_LOCKED: entry(4, 'Another run holds the target.', 'Wait for it, or use --if-locked wait=10m.', true),
  ATLAS_TARGET_SKIPPED: entry(99, 'Another run holds the target, and --if-locked is skip.', 'Nothing to do.'),
  ATLAS_LOCK_LOST: entry(
    1,
    'The lock on the target was taken over while the run went on.',
    'Look for a second run, or a stopped machine; run again.',
    true,
  ),
  ATLAS_TARGET_CONFLICT: entry(
    1,
    'The target is neither what it was before an interrupted run nor what that run would have made.',
    'Somebody else wrote it. Compare both files, keep the right one, then run with --force.',
  ),
  ATLAS_TARGET_UNSETTLED: entry(
    75,
    'The target was given the new data, and HDFS could not be asked about it any more.',
    'Run again: the next run looks at the target, counts it and settles what it finds.',
    true,
  ),
  ATLAS_STORE_WRITE: entry(
    1,
    'Writing to the target failed.',
    'Check space and permissions; the old data is untouched.',
  ),
  ATLAS_STORE_SPACE: entry(1, 'The disk is full.', 'Free some space; the old data is untouched.', true),
  ATLAS_STORE_SYNC: entry(
    1,
    'The disk did not confirm that the data is durable.',
    'Check the disk; nothing was published.',
  ),
  ATLAS_STORE_CORRUPT: entry(
    1,
    'The store holds other bytes than were written to it; nothing was published.',
    'Run again; if it comes back, check memory, disks and network on both sides.',
    true,
  ),
  ATLAS_ROWS_UNACCOUNTED: entry(
    1,
    'Rows or bytes read are not those accounted for; nothing was published.',
    'Please report it: this is a defect.',
  ),
  ...HDFS_CODES,
  ...JSON_CODES,
  ...DATABASE_CODES,
  ...CLICKHOUSE_CODES,
  // ledger
  ...LEDGER_CODES,
  ...STATE_CODES,
  ATLAS_RUN_UNKNOWN: entry(2, 'There is no such run in the ledger.', 'See atlas-ingest history.'),
  ATLAS_VERIFY_FAILED: entry(
    1,
    'What a run published is no longer what its receipt says.',
    'Something changed or damaged the file; run the group again.',
  ),
  // limits and the rest
  ATLAS_NEEDS_FAILED: entry(1, 'A dataset was skipped because one that it needs failed.', 'Mend that one first.'),
  ATLAS_LIMIT_KERNEL_MEMORY: entry(
    1,
    'The plan needs more kernel memory than there is.',
    'Lower max_row_bytes, max_columns or row_group_bytes.',
  ),
  ATLAS_PARTITIONS: entry(
    1,
    'partition_by makes more partitions than one run may hold.',
    'Choose a coarser column, or load fewer files at a time.',
  ),
  ATLAS_PARTITION_VALUE: entry(
    1,
    'A value of a partition column cannot name a folder.',
    'Make empty texts null with null_values and quoted_nulls, or partition by another column.',
  ),
  ATLAS_PARQUET_INVALID: entry(
    1,
    'The file is not a readable Parquet file.',
    'Check the path; the footer may be cut off.',
  ),
  ATLAS_PARQUET_DAMAGED: entry(1, 'A Parquet file contradicts itself (checksum, length, count).', 'Fetch it again.'),
  ATLAS_PARQUET_UNSUPPORTED: entry(1, 'A Parquet file uses what cannot be read here.', 'Write it without that.'),
  ATLAS_PARQUET_COLUMN: entry(
    1,
    'A column that a feature takes is missing, or there twice.',
    'Set `from` to its name.',
  ),
  ATLAS_PARQUET_NESTED: entry(1, 'A feature takes a nested column.', 'Declare the feature as json, or leave it out.'),
  ATLAS_PARQUET_TYPE: entry(1, 'A feature cannot hold what its Parquet column is.', 'Declare the type in the message.'),
  ATLAS_PARQUET_NULL: entry(1, 'A value is null and its feature is not nullable.', 'Set nullable to true, or mend it.'),
  ATLAS_PARQUET_UTF8: entry(1, 'A text in a Parquet file is not valid UTF-8.', 'Declare the feature as binary.'),
  ATLAS_PARQUET_ROW_TOO_LONG: entry(1, 'The texts of a row are longer than max_row_bytes.', 'Raise max_row_bytes.'),
  ATLAS_TIMEOUT: entry(
    75,
    'The time that --timeout allows was over; nothing was left behind.',
    'Allow more time, or try again later.',
    true,
  ),
  ATLAS_STOPPED: entry(1, 'A signal stopped the run; nothing was left behind.', 'Run it again.'),
  ATLAS_WORKER_DIED: entry(
    1,
    'A worker thread ended unexpectedly.',
    'Lower --workers, or check memory; nothing was published.',
  ),
  ATLAS_INTERNAL: entry(1, 'A defect of atlas-ingest itself.', 'Please report it, with the message and the command.'),
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorCode = keyof typeof CODES;

/** Where a problem stands; every part is optional, none is ever a value. */
export interface Place {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, for documents; the name of a column for data. */
  readonly column?: number | string;
  /** Path inside a JSON document (`dataset_config[0].source.path`). */
  readonly path?: string;
}

/** One of several things wrong, each said on its own (a metadata document shows all of them at once). */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place;
  readonly hint: string;
}

/** The one error class: a code of the table, a message that holds the two values that disagree, and where. */
export class AtlasError extends Error {
  readonly code: ErrorCode;
  readonly place: Place;
  readonly hint: string;
  /** All that is wrong, where there is more to say than one message can. */
  readonly problems: readonly Problem[];
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; place?: Place; hint?: string; problems?: readonly Problem[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AtlasError';
    this.code = code;
    this.place = options.place ?? {};
    this.hint = options.hint ?? CODES[code].hint;
    this.problems = options.problems ?? [];
  }
  get exit(): number {
    return CODES[this.code].exit;
  }
  get retryable(): boolean {
    return CODES[this.code].retryable;
  }
}
