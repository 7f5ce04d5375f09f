import type { Survey } from '../flow/source.ts';

/** Stored bytes of all inputs, or null where one is a pipe. */
export function inputBytes({ inputs }: Pick<Survey, 'inputs'>): number | null {
  let sum = 0;
  for (const { bytes } of inputs) {
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}
