import { AtlasError } from '../../errors.ts';
import { STATUS_NULL, STATUS_UTF8 } from '../../kernel/assembly/csv-layout.ts';
import type { CastField } from '../cast/cast-field.ts';
import { castReason, type Reason } from '../cast/cast-reason.ts';

/** Why a value of a row could not be taken; never the value. */
export function wireReason(status: number, field: CastField): Reason {
  if (status === STATUS_NULL) return { code: 'ATLAS_DB_NULL', reason: 'null, and the feature is not nullable' };
  if (status === STATUS_UTF8) return { code: 'ATLAS_DB_UTF8', reason: 'not valid UTF-8' };
  return castReason(status, field);
}

/** A row that is longer than the plan allows; `row` counts from 0. */
export function rowTooLong(path: string, row: number, bytes: number, most: number): AtlasError {
  return new AtlasError(
    'ATLAS_DB_ROW_TOO_LONG',
    `row ${row + 1} of ${path} has ${bytes} bytes, max_row_bytes is ${most}`,
  );
}
