import type { ColumnProfile } from '../../src/flow/profile.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { Profiler } from '../../src/source/csv/profile/profiler.ts';
import { listWords } from '../../src/source/profile/profile-words.ts';
import { planOf } from './csv-drive.ts';

/** A field as it reads, one character per byte. */
export interface ProfiledField {
  readonly text: string;
  readonly quoted: boolean;
}

const WORDS = listWords([]);
/** Between the columns of the inputs made here: a byte that texts have no use for. */
export const SEPARATOR = 0x1f;

export interface Profiled {
  readonly rows: number;
  readonly damaged: number;
  readonly columns: readonly ColumnProfile[];
}

/** Profiles inputs that fit into one window, in pieces. */
export class ProfileDriver {
  readonly #kernel: Kernel;
  readonly #profilers = new Map<string, Profiler>();

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  static async open(): Promise<ProfileDriver> {
    return new ProfileDriver(await Kernel.open(1 << 27));
  }

  /** Profiles an input, `piece` bytes more at a time. */
  run(input: Uint8Array, plan: ParserPlan, names: readonly string[] = [], piece = 1 << 20): Profiled {
    const profiler = this.#profiler(plan.nullValues);
    profiler.begin(plan);
    let from = 0;
    for (let to = Math.min(piece, input.length); ; to = Math.min(input.length, to + piece)) {
      profiler.window.set(input.subarray(from, to));
      for (;;) {
        const { consumed, stop } = profiler.count(0, to - from, to === input.length);
        from += consumed;
        if (stop === 'end') return { rows: profiler.rows, damaged: profiler.damaged, columns: profiler.columns(names) };
        profiler.window.set(input.subarray(from, to));
        if (stop === 'starved') break;
      }
    }
  }

  /** One column of fields; a second one keeps empty lines from being none. */
  column(fields: readonly ProfiledField[], more: Partial<ParserPlan> = {}, piece?: number): ColumnProfile {
    const lines = fields.map(
      ({ text, quoted }) => `${quoted ? `"${text.replaceAll('"', '""')}"` : text}${String.fromCharCode(SEPARATOR)}\n`,
    );
    const plan = planOf({ width: 2, delimiter: SEPARATOR, ...more });
    const { columns, damaged } = this.run(Buffer.from(lines.join(''), 'latin1'), plan, ['c'], piece);
    const [column] = columns;
    if (column === undefined || damaged > 0) throw new Error(`${damaged} records are damaged`);
    return column;
  }

  #profiler(nullValues: readonly string[]): Profiler {
    const known = JSON.stringify(nullValues);
    const found = this.#profilers.get(known);
    if (found !== undefined) return found;
    const made = new Profiler(this.#kernel, { maxRowBytes: 4096, width: 32, key: { words: WORDS, nullValues } });
    this.#profilers.set(known, made);
    return made;
  }
}
