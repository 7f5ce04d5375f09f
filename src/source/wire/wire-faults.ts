import { AtlasError } from '../../errors.ts';
import { STATUS_NULL, STATUS_UTF8 } from '../../kernel/assembly/csv-layout.ts';
import {
  COPY_ENDED,
  CTX_FAULT,
  CTX_FOUND,
  CTX_WANTED,
  FAULT_COPY,
  FAULT_FIELD,
  FAULT_FIELDS,
  FAULT_HEADER,
  FAULT_LENGTH,
  FAULT_PACKET,
  FAULT_ROW,
  FAULT_SEQUENCE,
} from '../../kernel/assembly/wire-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
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

/** What a scan found to be wrong; `row` is the number of the row at which it stopped, from 0. */
export function protocolFault({ view }: Kernel, context: number, path: string, row: number): AtlasError {
  const found = view.getUint32(context + CTX_FOUND, true);
  const wanted = view.getUint32(context + CTX_WANTED, true);
  const what = describeFault(view.getUint32(context + CTX_FAULT, true), found, wanted);
  return new AtlasError('ATLAS_DB_PROTOCOL', `row ${row + 1} of ${path}: ${what}`);
}

function describeFault(fault: number, found: number, wanted: number): string {
  switch (fault) {
    case FAULT_LENGTH:
      return `a message says it has ${found} bytes, its length alone has ${wanted}`;
    case FAULT_HEADER:
      return `the ${found} bytes of the first CopyData do not begin with the header of a binary COPY`;
    case FAULT_COPY:
      return found === COPY_ENDED ? 'CopyData after the end of COPY' : 'CopyData where DataRow was asked for';
    case FAULT_FIELDS:
      return `${found} fields, ${wanted} were asked for`;
    case FAULT_FIELD:
      return `field ${found} of ${wanted} says that it is longer than its row`;
    case FAULT_ROW:
      return `the row has ${wanted} bytes, its message ${found}`;
    case FAULT_SEQUENCE:
      return `packet number ${found} came, ${wanted} must come next`;
    case FAULT_PACKET:
      return `a packet begins with byte ${found}, which is neither a row nor the end of the result`;
    default:
      return `fault ${fault}`;
  }
}
