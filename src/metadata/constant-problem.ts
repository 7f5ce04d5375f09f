import type { LogicalType } from './logical-type.ts';

/**
 * Why a constant text can never be a value of a type; null where it may be one. It refuses only what is plainly wrong: the
 * parser casts constants once, by its own exact rules, before it reads anything.
 */
export function constantProblem(
  text: string,
  type: LogicalType,
  words: { readonly trueValues: readonly string[]; readonly falseValues: readonly string[] },
): string | null {
  switch (type.kind) {
    case 'int':
      return intProblem(text, type.bits, type.signed);
    case 'float':
      return /^[+-]?(\d|\.\d|inf|nan)/i.test(text) ? null : 'it is no number';
    case 'decimal':
      return /^[+-]?(\d|\.\d)/.test(text) ? null : 'it is no number';
    case 'boolean': {
      const possible = [...words.trueValues, ...words.falseValues];
      return possible.includes(text) ? null : `only ${possible.join(', ')} are true or false`;
    }
    case 'date':
    case 'timestamp':
      return /^\d{4}-\d{2}-\d{2}/.test(text) ? null : 'it does not begin with a date (YYYY-MM-DD)';
    case 'time':
      return /^\d{2}:\d{2}/.test(text) ? null : 'it does not begin with a time (HH:MM)';
    case 'uuid':
      return text.replace(/[{}-]/g, '').length === 32 ? null : 'it has not the 32 digits of a UUID';
    default:
      return null;
  }
}

function intProblem(text: string, bits: number, signed: boolean): string | null {
  const match = /^([+-]?\d+)(?:\.\d*)?$/.exec(text);
  if (match?.[1] === undefined) return 'it is no integer';
  const value = BigInt(match[1].replace(/^\+/, ''));
  const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const least = signed ? -most - 1n : 0n;
  return value < least || value > most ? `it is outside ${least} to ${most}` : null;
}
