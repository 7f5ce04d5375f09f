import type { AtlasError } from '../../errors.ts';

/** Whether a call failed because there is nothing at its path. */
export function isMissing(error: AtlasError): boolean {
  const { cause } = error as { readonly cause?: { readonly name?: unknown } };
  return cause?.name === 'FileNotFoundException';
}
