import { Kernel } from '../../src/kernel/kernel.ts';
import type { LogicalType } from '../../src/metadata/logical-type.ts';
import { parseLogicalType } from '../../src/metadata/logical-type.ts';
import type { CastField } from '../../src/source/cast/cast-field.ts';
import { CsvParser } from '../../src/source/csv/parser/parser.ts';
import type { ParserLimits, ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import type { TwinSpan } from './csv-twin.ts';
import type { TwinValue } from './csv-twin-cast.ts';
import { readValue } from './read-value.ts';

export function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if ('problem' in type) throw new Error(type.problem);
  return type;
}

/** A field of a plan from its position and type. */
export function fieldOf(
  position: number | null,
  type: string,
  more: Partial<CastField> & { nullable?: boolean } = {},
): CastField {
  const { nullable = true, ...rest } = more;
  return {
    field: { name: `f${position}_${type}`, type: typeOf(type), nullable, sensitive: false },
    position,
    constant: null,
    format: null,
    timezone: 'UTC',
    onLoss: 'reject',
    style: null,
    ...rest,
  };
}

/** A plan of text columns unless told otherwise. */
export function planOf(more: Partial<ParserPlan> = {}): ParserPlan {
  const width = more.width ?? 3;
  return {
    encoding: 'utf-8',
    delimiter: 44,
    quote: 34,
    escape: 34,
    newline: 'lf',
    width,
    trailingDelimiter: false,
    bareEscapes: false,
    comment: null,
    trim: false,
    header: null,
    fields: Array.from({ length: width }, (_, i) => fieldOf(i, 'string')),
    nullValues: [''],
    quotedNulls: false,
    trueValues: ['true', 't', '1'],
    falseValues: ['false', 'f', '0'],
    maxRowBytes: 4096,
    file: 'in.csv',
    loadedAt: 1_700_000_000_123_456n,
    ...more,
  };
}

/** Opens a parser that poisons its columns before each batch. */
export async function openParser(limits: Partial<ParserLimits> = {}): Promise<Driver> {
  const all = { maxRowBytes: 4096, maxColumns: 256, fields: 256, ...limits };
  const kernel = await Kernel.open(CsvParser.kernelBytes(all));
  const parser = CsvParser.open(kernel, all);
  parser.poison = true;
  return new Driver(kernel, parser);
}

export interface DriveResult {
  readonly rows: readonly (readonly TwinValue[])[];
  /** Continued rejects are joined. */
  readonly rejects: readonly Extract<TwinSpan, { kind: 'reject' }>[];
  readonly rowBytes: number;
  readonly rejectBytes: number;
  readonly blankBytes: number;
  readonly commentBytes: number;
  readonly headerBytes: number;
  readonly lines: number;
  readonly reasons: readonly string[];
  readonly calls: number;
}

/** Feeds a parser as a source would, in chunks, and reads everything back out of kernel memory. */
export class Driver {
  readonly kernel: Kernel;
  readonly parser: CsvParser;

  constructor(kernel: Kernel, parser: CsvParser) {
    this.kernel = kernel;
    this.parser = parser;
  }

  /** Parses a whole input; `chunks` are the sizes read at a time (the last repeats), kept in the window from `shift` on. */
  run(input: Uint8Array, plan: ParserPlan, chunks: readonly number[] = [1 << 20], shift = 0): DriveResult {
    const { kernel, parser } = this;
    const rows: (readonly TwinValue[])[] = [];
    const rejects: Extract<TwinSpan, { kind: 'reject' }>[] = [];
    const reasons: string[] = [];
    const total = { rowBytes: 0, rejectBytes: 0, blankBytes: 0, commentBytes: 0, headerBytes: 0, lines: 0 };
    parser.configure(plan);
    let begin = 0;
    let have = 0;
    let calls = 0;
    for (let chunk = 0; ; chunk++) {
      const size = chunks[Math.min(chunk, chunks.length - 1)] ?? 1;
      const read = Math.min(size, input.length - begin - have, parser.windowBytes - shift - have);
      kernel.bytes.set(input.subarray(begin + have, begin + have + read), parser.window + shift + have);
      // What lies behind the bytes read must not matter.
      kernel.bytes.fill(0x22, parser.window + shift + have + read, parser.window + shift + have + read + 64);
      have += read;
      const final = begin + have === input.length;
      let stop = 'full';
      while (stop === 'full') {
        const outcome = parser.parse(shift, shift + have, {
          final,
          limit: Number.MAX_SAFE_INTEGER,
          lineBase: 1 + total.lines,
        });
        if (calls++ > 10 * input.length + 100) throw new Error('the parser makes no progress');
        for (let row = 0; row < outcome.rows; row++) {
          rows.push(outcome.columns.map((column, i) => readValue(kernel, column, plan.fields[i]!.field.type, row)));
        }
        for (const reject of outcome.rejects) {
          const offset = begin + reject.offset - shift;
          const last = rejects.at(-1);
          if (reject.continued && last !== undefined) {
            if (last.offset + last.length !== offset) throw new Error('a continued reject does not continue');
            rejects[rejects.length - 1] = { ...last, length: last.length + reject.length };
          } else {
            rejects.push({
              kind: 'reject',
              offset,
              length: reject.length,
              line: total.lines + reject.line,
              field: reject.field,
              code: reject.code,
            });
            reasons.push(reject.reason);
          }
        }
        const { rowBytes, rejectBytes, blankBytes, commentBytes, headerBytes } = outcome;
        if (rowBytes + rejectBytes + blankBytes + commentBytes + headerBytes !== outcome.consumed) {
          throw new Error(`spans of ${outcome.consumed} bytes add up to ${JSON.stringify(outcome)}`);
        }
        total.rowBytes += outcome.rowBytes;
        total.rejectBytes += outcome.rejectBytes;
        total.blankBytes += outcome.blankBytes;
        total.commentBytes += outcome.commentBytes;
        total.headerBytes += outcome.headerBytes;
        total.lines += outcome.lines;
        begin += outcome.consumed;
        have -= outcome.consumed;
        kernel.bytes.copyWithin(
          parser.window + shift,
          parser.window + shift + outcome.consumed,
          parser.window + shift + outcome.consumed + have,
        );
        stop = outcome.stop;
      }
      if (final) {
        if (stop !== 'end' || have !== 0) throw new Error(`stopped with ${stop}, ${have} bytes left`);
        break;
      }
    }
    return { rows, rejects, reasons, calls, ...total };
  }
}
