import { storageOf } from '../../batch/storage.ts';
import { KERNEL_PADDING, type Kernel } from '../../kernel/kernel.ts';
import type { ArrowPlan } from './arrow-plan.ts';

/** Loops may overwrite so much beyond the last bit or offset. */
const SLACK = 64;
/** Alignment and padding of one allocation. */
const PER_BUFFER = 2 * KERNEL_PADDING;

/** Where one column of the open fragment lies in kernel memory; 0 where it has no such buffer. */
export interface StagedColumn {
  /** Values, bits, or i32 offsets (one more than rows). */
  readonly values: number;
  readonly validity: number;
}

/** Room for one fragment, taken from the arena once. */
export interface Staging {
  /** Rows that fit. */
  readonly rows: number;
  readonly columns: readonly StagedColumn[];
  /** Shared by the texts of all columns, as they come. */
  readonly text: number;
  readonly textBytes: number;
}

interface Sizes {
  readonly rows: number;
  readonly columns: readonly { readonly values: number; readonly validity: number }[];
  readonly textBytes: number;
}

/** Bytes of a row, nulls and texts left out. */
function rowBytes(plan: ArrowPlan): number {
  return plan.schema.fields.reduce((sum, { type }) => {
    const storage = storageOf(type);
    return sum + (storage.kind === 'fixed' ? storage.width : storage.kind === 'bytes' ? 4 : 0);
  }, 0);
}

function sizesOf(plan: ArrowPlan): Sizes {
  const least = rowBytes(plan);
  const rows = Math.max(1, least === 0 ? plan.rows : Math.min(plan.rows, Math.floor(plan.bytes / least)));
  const bits = Math.ceil(rows / 8) + SLACK;
  let texts = false;
  const columns = plan.schema.fields.map(({ type, nullable }) => {
    const storage = storageOf(type);
    texts ||= storage.kind === 'bytes';
    const values =
      storage.kind === 'bits' ? bits : storage.kind === 'fixed' ? rows * storage.width : (rows + 1) * 4 + SLACK;
    return { values, validity: nullable ? bits : 0 };
  });
  return { rows, columns, textBytes: texts ? Math.max(plan.bytes, plan.textBytes) : 0 };
}

/** Bytes of kernel memory that `openStaging` takes. */
export function stagingBytes(plan: ArrowPlan): number {
  const { columns, textBytes } = sizesOf(plan);
  return columns.reduce(
    (sum, { values, validity }) => sum + values + validity + 2 * PER_BUFFER,
    textBytes + PER_BUFFER,
  );
}

/** Bytes of the longest buffer that a message of this plan may have. */
export function largestBuffer(plan: ArrowPlan): number {
  const { columns, textBytes } = sizesOf(plan);
  return columns.reduce((most, { values, validity }) => Math.max(most, values, validity), textBytes);
}

/** Takes the room for a plan's fragments from the kernel's arena. */
export function openStaging(plan: ArrowPlan, kernel: Kernel): Staging {
  const { rows, columns, textBytes } = sizesOf(plan);
  return {
    rows,
    columns: columns.map(({ values, validity }) => ({
      values: kernel.allocate(values),
      validity: validity === 0 ? 0 : kernel.allocate(validity),
    })),
    text: textBytes === 0 ? 0 : kernel.allocate(textBytes),
    textBytes,
  };
}
