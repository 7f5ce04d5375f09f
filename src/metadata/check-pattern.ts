import type { LogicalType } from './logical-type.ts';
import { parseTimeFormat, type TimePart } from './time-format.ts';

/** What a strptime pattern may hold, for people. */
export const PATTERN_HINT =
  'Possible: %Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %f %z %Z, and %F %T %R %D for the usual ones; %% is a literal %.';

/** The parts of a value that a pattern reads; none where it cannot be read. */
export function partsOfPattern(pattern: string, type: LogicalType): ReadonlySet<TimePart> {
  const steps = hasPattern(type) ? parseTimeFormat(pattern, type.kind) : [];
  if ('problem' in steps) return new Set();
  return new Set(steps.flatMap((step) => (step.kind === 'literal' ? [] : [step.kind])));
}

/** Why a pattern cannot read a type; null where it can. */
export function patternProblem(pattern: string, type: LogicalType): string | null {
  if (!hasPattern(type)) return 'only dates, times and timestamps have one';
  const steps = parseTimeFormat(pattern, type.kind);
  if ('problem' in steps) return steps.problem;
  const parts = partsOfPattern(pattern, type);
  const zone = parts.has('offset') || parts.has('utc_name');
  if (zone && !(type.kind === 'timestamp' && type.zoned)) return 'it reads a zone, which only a timestamptz has';
  return null;
}

function hasPattern(type: LogicalType): type is LogicalType & { kind: 'date' | 'time' | 'timestamp' } {
  return type.kind === 'date' || type.kind === 'time' || type.kind === 'timestamp';
}
