import { AtlasError } from '../../../errors.ts';

/** One line of a reject file: where the row stood, and its bytes. */
export interface ReplayLine {
  /** As the survey names the input. */
  readonly file: string;
  /** Physical line, 1-based. */
  readonly line: number;
  /** The span in the original file. */
  readonly offset: number;
  readonly length: number;
  /** Tells apart the rejects that an earlier replay made of one span (`2`, `2.1`); null where there is one. */
  readonly record: string | null;
  /** What stands in `raw`; null where only `raw_base64` does, or nothing. */
  readonly text: string | null;
  readonly base64: string | null;
  /** The span was longer than what was kept. */
  readonly truncated: boolean;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const RECORD = /^[1-9]\d{0,9}(?:\.[1-9]\d{0,9}){0,99}$/;
const SURROGATE = /\p{Surrogate}/u;

/** Reads one line of a reject file. Fails with ATLAS_REPLAY_FILE at line `number` (1-based) of `path`; no value is in the message. */
export function parseReplayLine(text: string, path: string, number: number): ReplayLine {
  const fail = (what: string): never => {
    throw replayFileError(what, path, number);
  };
  const fields = objectOf(text) ?? fail('the line is not a JSON object');
  const whole = (key: string, least: number): number => {
    const value = fields[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    return fail(`${key} is ${kindOf(value)}, a whole number from ${least} on is expected`);
  };
  const words = (key: string): string | null => {
    const value = fields[key] ?? null;
    if (value === null) return null;
    if (typeof value !== 'string') return fail(`${key} is ${kindOf(value)}, text or null is expected`);
    return SURROGATE.test(value) ? fail(`${key} holds half a surrogate pair, which is no character`) : value;
  };
  const base64 = words('raw_base64');
  if (base64 !== null && !BASE64.test(base64)) fail('raw_base64 is not base64');
  const record = words('record');
  if (record !== null && !RECORD.test(record)) fail('record is not one or several numbers with points between');
  const truncated = fields['truncated'] ?? false;
  if (typeof truncated !== 'boolean') fail(`truncated is ${kindOf(truncated)}, true or false is expected`);
  return {
    file: words('file') ?? fail('file is missing'),
    line: whole('line', 1),
    offset: whole('offset', 0),
    length: whole('length', 0),
    record,
    text: words('raw'),
    base64,
    truncated: truncated === true,
  };
}

/** What is wrong with a line of a reject file. */
export function replayFileError(what: string, path: string, line: number): AtlasError {
  return new AtlasError('ATLAS_REPLAY_FILE', `${path}, line ${line}: ${what}`, { place: { file: path, line } });
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
