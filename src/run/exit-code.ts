import { CODES, type ErrorCode } from '../errors.ts';
import type { Receipt } from '../flow/receipt.ts';

export type StopSignal = 'SIGINT' | 'SIGTERM';

/**
 * The exit code of a run from its receipts alone. Precedence: 130/143 (a signal) > 2 > 4 > 75 > 3 (some published, some
 * failed) > 1 > 99 (a target was held by another run, and that was to be skipped) > 0. `strict` counts rejects as failure.
 */
export function exitCodeOf(
  receipts: readonly Pick<Receipt, 'outcome' | 'error' | 'rows'>[],
  options: { readonly stopped: StopSignal | null; readonly strict: boolean },
): number {
  if (options.stopped !== null) return options.stopped === 'SIGINT' ? 130 : 143;
  const failed = receipts.filter((each) => each.outcome === 'failed');
  const exits = failed.map((each) => exitOf(each.error?.code));
  for (const exit of [2, 4, 75]) if (exits.includes(exit)) return exit;
  const published = receipts.some((each) => each.outcome === 'published');
  if (failed.length > 0) return published ? 3 : 1;
  if (options.strict && receipts.some((each) => each.rows.rejected > 0)) return 1;
  return receipts.some((each) => each.error?.code === 'ATLAS_TARGET_SKIPPED') ? 99 : 0;
}

function exitOf(code: string | undefined): number {
  return code !== undefined && Object.hasOwn(CODES, code) ? CODES[code as ErrorCode].exit : 1;
}
