import type { CsvSourcePlan } from '../../src/flow/dataset-plan.ts';
import { planParser } from '../../src/source/csv/parser/parser-plan.ts';
import type { CsvState } from '../../src/source/csv/survey/survey-state.ts';
import { Driver } from '../kernel/csv-drive.ts';
import { twinParse } from '../kernel/csv-twin.ts';
import type { FuzzDice } from './fuzz-dice.ts';
import type { FuzzBed, FuzzCut, FuzzReading } from './fuzz-reading.ts';

const WHOLE: FuzzCut = { sliceBytes: 1 << 30, readBytes: 1 << 20, known: false };

/** What was found of an input, for counting. */
export interface FuzzVerdict {
  /** Null where every oracle agrees. */
  readonly problem: string | null;
  readonly rows: number;
  readonly rejects: number;
  readonly failed: boolean;
  readonly twin: boolean;
}

/** Reads an input whole, in small and random pieces, in slices, and through the twin; all must say the same. `dice` chooses the pieces. */
export async function judge(
  bed: FuzzBed,
  bytes: Uint8Array,
  plan: CsvSourcePlan,
  dice: FuzzDice,
): Promise<FuzzVerdict> {
  bed.put(bytes);
  const cuts: FuzzCut[] = [
    { sliceBytes: 1 << 30, readBytes: bytes.length > 600 ? 1 + dice.roll(600) : 1, known: false },
    { sliceBytes: 1 << 30, readBytes: 7 + dice.roll(2) * dice.roll(90), known: false },
    { sliceBytes: sliceOf(bytes, dice), readBytes: dice.once(2) ? 1 << 20 : dice.size(200), known: false },
    { sliceBytes: sliceOf(bytes, dice), readBytes: dice.size(300), known: dice.once(2) },
  ];
  bed.parser.poison = dice.once(16);
  let whole: FuzzReading;
  try {
    whole = await bed.read(plan, WHOLE);
  } catch (error) {
    return told(`crash: ${describe(error)}`);
  }
  const facts = {
    rows: whole.rows.length,
    rejects: whole.rejects.length,
    failed: whole.failure !== null,
    twin: false,
  };
  const problem = accountProblem(whole, bytes, plan);
  if (problem) return { ...facts, problem };
  for (const cut of cuts) {
    try {
      const other = await bed.read(plan, cut);
      const difference = differenceOf(whole, other);
      if (difference) return { ...facts, problem: `whole ≠ ${JSON.stringify(cut)}: ${difference}` };
    } catch (error) {
      return { ...facts, problem: `crash in ${JSON.stringify(cut)}: ${describe(error)}` };
    }
  }
  if (whole.failure !== null || whole.state === null || !twinCovers(plan)) return { ...facts, problem: null };
  return { ...facts, twin: true, problem: twinProblem(bed, bytes, plan, whole, whole.state, dice) };
}

function sliceOf(bytes: Uint8Array, dice: FuzzDice): number {
  return Math.max(1 + dice.size(64), Math.floor(bytes.length / (1 + dice.roll(12))));
}

function told(problem: string): FuzzVerdict {
  return { problem, rows: 0, rejects: 0, failed: true, twin: false };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Spans must tile the input; rejects must lie in it, in order, with their own lines and bytes. */
function accountProblem(
  { spans, rejects, failure }: FuzzReading,
  bytes: Uint8Array,
  plan: CsvSourcePlan,
): string | null {
  if (failure !== null) return null;
  const sum = Object.values(spans).reduce((total: number, each: number) => total + each, 0);
  // What is transcoded or rewritten on its way to the parser is tiled as it arrives there.
  const asIs = plan.encoding === 'utf-8' && plan.wideDelimiter === null;
  if (sum !== bytes.length && asIs) return `spans ${JSON.stringify(spans)} tile ${sum} of ${bytes.length} bytes`;
  let end = 0;
  let length = 0;
  let start = -1;
  for (const reject of rejects) {
    // A record that csv-parse read is told as a whole, each time that one of its lines is rejected.
    const again = plan.wideDelimiter !== null && reject.offset === start;
    start = reject.offset;
    if ((reject.offset < end && !again) || reject.length <= 0)
      return `reject at ${reject.offset} after ${end}, ${reject.length} bytes`;
    end = reject.offset + reject.length;
    length += reject.length;
    if (end > bytes.length) return `reject to ${end} of ${bytes.length} bytes`;
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset + reject.offset, reject.length);
    const kept = reject.raw === null ? Buffer.from(reject.rawBase64 ?? '', 'base64') : Buffer.from(reject.raw);
    if (asIs && !reject.truncated && !raw.equals(kept)) return `reject at ${reject.offset} is not its bytes`;
  }
  if (length !== spans.reject && asIs) {
    return `rejects are ${length} bytes, spans say ${JSON.stringify(spans)}`;
  }
  return null;
}

/** The first thing that two readings of one input do not say alike. */
function differenceOf(a: FuzzReading, b: FuzzReading): string | null {
  if (a.failure !== b.failure) return `failure ${a.failure} ≠ ${b.failure}`;
  for (const key of ['rejects', 'rows', 'spans'] as const) {
    const [left, right] = [JSON.stringify(a[key]), JSON.stringify(b[key])];
    if (left === right) continue;
    let at = 0;
    while (left[at] === right[at]) at += 1;
    const around = (text: string) => text.slice(Math.max(0, at - 120), at + 200);
    return `${key}: …${around(left)}… ≠ …${around(right)}…`;
  }
  return null;
}

/** Whether the twin knows every rule that the plan uses. */
function twinCovers({ features, encoding, wideDelimiter }: CsvSourcePlan): boolean {
  if (encoding !== 'utf-8' || wideDelimiter !== null) return false;
  return features.every(
    ({ constant, format, style, timezone, type, onLoss }) =>
      (constant === null || constant.kind === 'line') &&
      format === null &&
      style === null &&
      timezone === 'UTC' &&
      (onLoss === 'reject' || (onLoss === 'null' && type.kind !== 'float')),
  );
}

function twinProblem(
  bed: FuzzBed,
  bytes: Uint8Array,
  plan: CsvSourcePlan,
  whole: FuzzReading,
  state: CsvState,
  dice: FuzzDice,
): string | null {
  const [file] = state.files;
  const layout = file?.layout === null || file?.layout === undefined ? undefined : state.layouts[file.layout];
  if (!file || !layout) return null;
  const parserPlan = planParser(plan, file, layout, 1_700_000_000_000_000n);
  const body = bytes.subarray(file.start);
  const spans = twinParse(body, parserPlan);
  const rows = spans.flatMap((span) => (span.kind === 'row' ? [span.values] : []));
  const rejects = spans.flatMap((span) => (span.kind === 'reject' ? [span] : []));
  const chunks = Array.from({ length: 1 + dice.roll(4) }, () => dice.size(2000));
  const driven = new Driver(bed.kernel, bed.parser).run(body, parserPlan, chunks, dice.roll(70));
  const show = (value: unknown) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));
  const [kernelRejects, twinRejects] = [show(driven.rejects), show(rejects)];
  if (kernelRejects !== twinRejects) return `twin's rejects ${twinRejects} ≠ ${kernelRejects}`;
  const [kernelRows, twinRows] = [show(driven.rows), show(rows)];
  if (kernelRows !== twinRows) return `twin's rows ${twinRows} ≠ ${kernelRows}`;
  if (driven.rows.length !== whole.rows.length || driven.rejects.length !== whole.rejects.length) {
    return `the source has ${whole.rows.length} rows and ${whole.rejects.length} rejects, its parser ${driven.rows.length} and ${driven.rejects.length}`;
  }
  return null;
}
