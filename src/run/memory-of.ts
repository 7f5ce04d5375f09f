import type { Receipt } from '../flow/receipt.ts';
import type { RememberingSink, TargetMemory } from '../flow/target-memory.ts';

/** Where other hosts learn of what a receipt speaks of: a target that remembers, and inputs whose content is known. */
export function memoryOf(
  { memory }: Pick<RememberingSink, 'memory'>,
  { inputs }: Pick<Receipt, 'inputs'>,
): TargetMemory | undefined {
  return inputs.some(({ sha256 }) => sha256 !== undefined) ? memory : undefined;
}
