import type { OnLoss } from '../../../flow/dataset-plan.ts';

/**
 * `value` by `divisor`, exactly; what is left over is lost as `onLoss` says, or null is the answer. `fromZero`: numbers are cut off
 * towards zero and rounded half away from it; `past`: times are cut off towards the past and rounded half up.
 */
export function divide(value: bigint, divisor: bigint, onLoss: OnLoss, way: 'fromZero' | 'past'): bigint | null {
  if (divisor === 1n) return value;
  let quotient = value / divisor;
  let rest = value % divisor;
  if (rest === 0n) return quotient;
  if (onLoss !== 'truncate' && onLoss !== 'round') return null;
  if (way === 'fromZero') {
    const half = rest < 0n ? -rest * 2n >= divisor : rest * 2n >= divisor;
    return onLoss === 'round' && half ? quotient + (value < 0n ? -1n : 1n) : quotient;
  }
  if (rest < 0n) {
    quotient -= 1n;
    rest += divisor;
  }
  return onLoss === 'round' && rest * 2n >= divisor ? quotient + 1n : quotient;
}
