import type { JsonlSourcePlan } from '../../src/flow/dataset-plan.ts';
import type { Reject } from '../../src/flow/reject.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { BytesFeed } from '../../src/source/feed/bytes-feed.ts';
import { Window } from '../../src/source/feed/window.ts';
import { JsonParser } from '../../src/source/jsonl/parser/json-parser.ts';
import { PartReader } from '../../src/source/lines/part-reader.ts';
import { RejectCollector } from '../../src/source/reject/reject-collector.ts';
import type { TwinValue } from './csv-twin-cast.ts';
import { type TwinLine, twinLine } from './json-twin.ts';
import { readValue } from './read-value.ts';

const signal = new AbortController().signal;

/** What was made of bytes: lines that were taken or refused, by number, and bytes of blank ones. */
export interface JsonReading {
  readonly lines: readonly (readonly [line: number, outcome: string])[];
  readonly bytes: { readonly row: number; readonly reject: number; readonly blank: number };
}

/** A parser of one plan, and its twin. */
export class JsonDriver {
  readonly #kernel: Kernel;
  readonly #parser: JsonParser;
  readonly #plan: JsonlSourcePlan;

  private constructor(kernel: Kernel, plan: JsonlSourcePlan) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#parser = JsonParser.open(kernel, plan);
    this.#parser.poison = true;
  }

  /** The last feature must be `@line`, an int64. */
  static async open(plan: JsonlSourcePlan): Promise<JsonDriver> {
    return new JsonDriver(await Kernel.open(JsonParser.kernelBytes(plan)), plan);
  }

  async read(bytes: Uint8Array, readBytes = 1 << 20): Promise<JsonReading> {
    const { window, windowBytes } = this.#parser;
    const kept = this.#kernel.bytes.subarray(window, window + windowBytes);
    this.#parser.configure({ file: 'x', loadedAt: 0n });
    const seen = new Window(kept, readBytes);
    await seen.open(new BytesFeed(bytes), 0);
    const columns = this.#plan.features.map(({ from }) => from);
    const part = { begin: 0, to: null, sliceBytes: 1 << 30, linesBefore: 0, absoluteLines: 0 };
    const reader = new PartReader(this.#parser, seen, new RejectCollector('x', columns), part);
    const lines: (readonly [number, string])[] = [];
    for (let step = await reader.step(signal); step; step = await reader.step(signal)) {
      for (let row = 0; row < step.rows; row++) {
        const values = this.#plan.features.map(({ type }, index) =>
          readValue(this.#kernel, step.columns[index] as never, type, row),
        );
        const line = Number(values.pop()) - 1;
        lines.push([line, tell({ kind: 'row', values })]);
      }
      for (const reject of step.rejects) lines.push([reject.line, tellReject(reject)]);
    }
    const { rowBytes: row, rejectBytes: rejected, blankBytes: blank } = reader;
    return { lines: lines.sort(([a], [b]) => a - b), bytes: { row, reject: rejected, blank } };
  }

  /** The same by the twin. */
  twin(bytes: Uint8Array): JsonReading {
    const plan = { ...this.#plan, features: this.#plan.features.slice(0, -1) };
    const sums = { row: 0, reject: 0, blank: 0 };
    const lines: (readonly [number, string])[] = [];
    const all =
      Buffer.from(bytes)
        .toString('latin1')
        .match(/[^\n]*\n|[^\n]+$/g) ?? [];
    for (const [number, each] of all.entries()) {
      const outcome = twinLine(each.replace(/\n$/, ''), plan);
      sums[outcome.kind] += each.length;
      if (outcome.kind !== 'blank') lines.push([number, tell(outcome)]);
    }
    return { lines, bytes: sums };
  }
}

/** Damage that is not JSON at all is one to the twin. */
function plainCode(code: string): string {
  return code === 'ATLAS_JSON_CUT' ? 'ATLAS_JSON_SYNTAX' : code;
}

function tellReject({ code, column }: Reject): string {
  return `${plainCode(code)} in ${column}`;
}

function tell(line: TwinLine): string {
  if (line.kind === 'reject') return `${plainCode(line.code)} in ${line.column}`;
  if (line.kind === 'blank') return 'blank';
  return line.values.map((value: TwinValue) => `${typeof value} ${String(value)}`).join(' | ');
}
