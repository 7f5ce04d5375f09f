import { AtlasError, CODES, type ErrorCode } from '../errors.ts';
import { nearest } from '../metadata/nearest.ts';
import type { ExplainOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { LESSONS } from './lessons.ts';
import { wrapText } from './wrap-text.ts';

/** Says what an error code means and what to do about it; without a code, lists them all. */
export async function explain(options: ExplainOptions, io: Io): Promise<number> {
  const codes = Object.keys(CODES) as ErrorCode[];
  if (options.code === null) {
    const width = Math.max(...codes.map((code) => code.length));
    if (options.json) io.stdout.write(`${JSON.stringify(codes.map(describe))}\n`);
    else io.stdout.write(codes.map((code) => `${code.padEnd(width)}  ${CODES[code].title}\n`).join(''));
    return 0;
  }
  const code = findCode(options.code, codes);
  if (options.json) {
    io.stdout.write(`${JSON.stringify(describe(code))}\n`);
    return 0;
  }
  const { exit, retryable, title, hint } = CODES[code];
  const retry = retryable ? 'yes: running again later may succeed' : 'no: something has to change first';
  const width = Math.min(io.stdout.columns, 100);
  const lessons = (LESSONS[code] ?? []).map((text) => `\n  ${wrapText(text, width, 2)}\n`).join('');
  io.stdout.write(
    `${code}\n  ${title}\n\n  what to do   ${hint}\n  exit code    ${exit}\n  try again    ${retry}\n${lessons}`,
  );
  return 0;
}

function describe(code: ErrorCode): object {
  const { exit, retryable, title, hint } = CODES[code];
  return { code, title, hint, exit_code: exit, retryable, more: LESSONS[code] ?? [] };
}

/** The code as given, in any case and with or without its prefix. */
function findCode(text: string, codes: readonly ErrorCode[]): ErrorCode {
  const wanted = text.trim().toUpperCase().replaceAll('-', '_');
  const full = wanted.startsWith('ATLAS_') ? wanted : `ATLAS_${wanted}`;
  const code = codes.find((each) => each === full);
  if (code !== undefined) return code;
  const near = nearest(full, codes);
  const hint = near === null ? 'See atlas-ingest explain for all of them.' : `Did you mean ${near}?`;
  throw new AtlasError('ATLAS_USAGE', `${JSON.stringify(text)} is no error code`, { hint });
}
