import { AtlasError, type ErrorCode, type Place } from '../errors.ts';

/** An error that survives `postMessage`: structured cloning forgets the code. */
export interface PackedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place;
  readonly hint: string | null;
  readonly cause: string | null;
}

export function packError(error: unknown): PackedError {
  if (error instanceof AtlasError) {
    const { code, message, place, hint } = error;
    return { code, message, place, hint, cause: error.cause instanceof Error ? error.cause.message : null };
  }
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error ? (error.stack ?? null) : null;
  return { code: 'ATLAS_INTERNAL', message, place: {}, hint: null, cause };
}

export function unpackError({ code, message, place, hint, cause }: PackedError): AtlasError {
  return new AtlasError(code, message, {
    place,
    ...(hint === null ? {} : { hint }),
    ...(cause === null ? {} : { cause: new Error(cause) }),
  });
}
