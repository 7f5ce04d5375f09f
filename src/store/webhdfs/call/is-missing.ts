import type { AtlasError } from '../../../errors.ts';

/** Whether a call failed because there is nothing at its path. */
export function isMissing(error: AtlasError): boolean {
  return exceptionOf(error) === 'FileNotFoundException';
}

/** The class of the RemoteException that a call failed with, or null. */
export function exceptionOf(error: AtlasError): string | null {
  const { cause } = error as { readonly cause?: { readonly name?: unknown } };
  return cause !== undefined && !(cause instanceof Error) && typeof cause?.name === 'string' ? cause.name : null;
}
