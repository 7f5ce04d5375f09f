import type { LogicalType } from './logical-type.ts';
import { type Directive, directivesOf, parsePattern } from './strptime-pattern.ts';

const TIME: readonly Directive[] = ['H', 'I', 'M', 'S', 'f', 'p', 'z'];
const DATE: readonly Directive[] = ['Y', 'y', 'm', 'd', 'e', 'j', 'b', 'B', 'a', 'A'];

/** Why a strptime pattern cannot read a type; null where it can. Only dates, times and timestamps have patterns. */
export function patternProblem(pattern: string, type: LogicalType): string | null {
  const parts = parsePattern(pattern);
  if ('problem' in parts) return parts.problem;
  const has = directivesOf(parts);
  const any = (letters: readonly Directive[]): Directive | undefined => letters.find((letter) => has.has(letter));
  if (type.kind === 'date') {
    const extra = any(TIME);
    if (extra !== undefined) return `it holds %${extra}, and a date has no time of day`;
  }
  if (type.kind === 'time') {
    const extra = any(DATE);
    if (extra !== undefined) return `it holds %${extra}, and a time has no date`;
    if (has.has('z')) return 'it holds %z, and a time has no zone';
    if (any(['H', 'I']) === undefined) return 'it holds no hour (%H, or %I with %p)';
  }
  if (type.kind === 'timestamp' && !type.zoned && has.has('z')) {
    return 'it holds %z, and a timestamp has no zone (a timestamptz has)';
  }
  return type.kind === 'time' ? clockProblem(has) : (dateProblem(has) ?? clockProblem(has));
}

function dateProblem(has: ReadonlySet<Directive>): string | null {
  const month = has.has('m') || has.has('b') || has.has('B');
  const day = has.has('d') || has.has('e');
  if (!has.has('Y') && !has.has('y')) return 'it holds no year (%Y)';
  if (has.has('j')) return month || day ? 'it holds %j beside a month or a day' : null;
  if (!month) return 'it holds no month (%m)';
  return day ? null : 'it holds no day (%d)';
}

function clockProblem(has: ReadonlySet<Directive>): string | null {
  if (has.has('I') !== has.has('p')) return has.has('I') ? 'it holds %I without %p' : 'it holds %p without %I';
  const hour = has.has('H') || has.has('I');
  if (has.has('M') && !hour) return 'it holds %M without an hour';
  if (has.has('S') && !has.has('M')) return 'it holds %S without %M';
  if (has.has('f') && !has.has('S')) return 'it holds %f without %S';
  return null;
}
