import { AtlasError } from '../errors.ts';

/** The system's name of an I/O error (`ENOSPC`), or null where it is none. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

/** Maps an I/O error to a code of the store: `what` says what was being done (`write`, `sync`), in the infinitive. */
export function storeError(error: unknown, what: string, path: string): AtlasError {
  if (error instanceof AtlasError) return error;
  const errno = errnoOf(error);
  const reason = errno ?? (error instanceof Error ? error.message : String(error));
  const message = `could not ${what} ${path}: ${reason}`;
  const options = { cause: error, place: { file: path } };
  if (what === 'sync') return new AtlasError('ATLAS_STORE_SYNC', message, options);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return new AtlasError('ATLAS_STORE_SPACE', message, options);
  return new AtlasError('ATLAS_STORE_WRITE', message, options);
}

/** Runs one I/O step and maps what it throws; an abort passes through unchanged. */
export async function storeStep<T>(
  what: string,
  path: string,
  { signal }: { readonly signal: AbortSignal },
  step: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  try {
    return await step();
  } catch (error) {
    if (signal.aborted && (error === signal.reason || (error as Error)?.name === 'AbortError')) throw signal.reason;
    throw storeError(error, what, path);
  }
}
