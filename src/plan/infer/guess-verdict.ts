import type { NumberStyle } from '../../flow/dataset-plan.ts';
import type { FeatureGuess, GuessAlternative } from './feature-guess.ts';

/** What a rule of inference says of a column's values; nulls are not its business. */
export interface Verdict {
  readonly type: string;
  readonly format: string | null;
  readonly style: NumberStyle | null;
  readonly booleans: FeatureGuess['booleans'];
  /** 0 to 1, whatever the number of values. */
  readonly confidence: number;
  readonly evidence: readonly string[];
  readonly alternatives: readonly GuessAlternative[];
  /** `NaN` is a value of the type, not a null. */
  readonly nanIsValue: boolean;
}

/** A verdict from what is out of the ordinary in it. */
export function verdictOf(
  type: string,
  confidence: number,
  evidence: readonly string[],
  more: Partial<Pick<Verdict, 'format' | 'style' | 'booleans' | 'alternatives' | 'nanIsValue'>> = {},
): Verdict {
  return {
    type,
    format: null,
    style: null,
    booleans: null,
    alternatives: [],
    nanIsValue: false,
    confidence,
    evidence,
    ...more,
  };
}

/** An alternative from what is out of the ordinary in it. */
export function alternativeOf(
  type: string,
  why: string,
  more: Partial<Pick<GuessAlternative, 'format' | 'style'>> = {},
): GuessAlternative {
  return { type, format: null, style: null, why, ...more };
}

/** A number of things: `1 value`, `1,204 values`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `all 12 values:`, `the only value:`. */
export function allOf(count: number): string {
  return count === 1 ? 'the only value:' : `all ${countOf(count, 'value')}:`;
}
