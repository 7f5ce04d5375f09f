import type { Reject } from '../../flow/reject.ts';
import type { RejectBlock } from '../../flow/reject-block.ts';
import type { Origin } from '../feed/origin.ts';
import type { Window } from '../feed/window.ts';
import type { ParsedReject } from './parsed-reject.ts';
import { KEPT_BYTES, rejectText } from './reject-text.ts';
import type { RejectWriter } from './reject-writer.ts';

interface Open {
  readonly parsed: ParsedReject;
  readonly offset: number;
  readonly line: number;
  /** As the parser saw it. */
  readonly kept: Uint8Array;
  readonly keptBytes: number;
  readonly length: number;
  /** As it stands in the input, where that is not the same. */
  readonly original: { readonly length: number; readonly kept: Uint8Array; readonly end: number } | null;
}

/** Turns what the parser rejects in one file into rejects, joining spans that go on from call to call. */
export class RejectCollector {
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #origin: Origin | null;
  readonly #writer: RejectWriter | null;
  #open: Open | null = null;

  /**
   * `columns`: the source names of the features, in order. `origin`: where the window's bytes came from, if they were changed.
   * `writer`: what packs the rejects; without one they are answered.
   */
  constructor(
    file: string,
    columns: readonly string[],
    origin: Origin | null = null,
    writer: RejectWriter | null = null,
  ) {
    this.#file = file;
    this.#columns = columns;
    this.#origin = origin;
    this.#writer = writer;
  }

  /** Rejects that are complete; `linesBefore` the call are counted from where the lines of the file or task are. */
  collect(parsed: readonly ParsedReject[], window: Window, linesBefore: number): readonly Reject[] {
    const rejects: Reject[] = [];
    for (const [index, each] of parsed.entries()) {
      if (index === 0 && this.#open && !each.continued) rejects.push(...this.finish());
      if (this.#write(each, window, linesBefore)) continue;
      const span = this.#extend(each, window, linesBefore);
      if (each.continues) this.#open = span;
      else {
        this.#open = null;
        rejects.push(...this.#complete(span));
      }
    }
    return rejects;
  }

  /** The reject whose span ended where the last call did. */
  finish(): readonly Reject[] {
    const open = this.#open;
    this.#open = null;
    return open ? this.#complete(open) : [];
  }

  /** What the writer packed since the last call. */
  takePacked(): readonly RejectBlock[] {
    return this.#writer?.take() ?? [];
  }

  /** Packs a span that stands in the window whole, as it does nearly always; false where there is more to it. */
  #write(parsed: ParsedReject, window: Window, linesBefore: number): boolean {
    const writer = this.#writer;
    const { offset: from, length: bytes, line, field, code, reason } = parsed;
    if (writer === null || parsed.continues || parsed.continued || bytes > KEPT_BYTES) return false;
    const position = window.positionOf(from);
    const offset = this.#origin?.positionOf(position) ?? position;
    return writer.addSpan({
      line: linesBefore + line,
      offset,
      length: this.#origin ? this.#origin.endOf(position + bytes) - offset : bytes,
      column: this.#columnOf(field),
      code,
      reason,
      address: window.addressOf(from),
      bytes,
    });
  }

  #columnOf(field: number | null): string | null {
    return field === null ? null : (this.#columns[field] ?? null);
  }

  #extend(parsed: ParsedReject, window: Window, linesBefore: number): Open {
    const before = parsed.continued ? this.#open : null;
    const room = KEPT_BYTES - (before?.keptBytes ?? 0);
    const bytes = window.slice(parsed.offset, Math.min(parsed.length, room));
    const position = window.positionOf(parsed.offset);
    const offset = this.#origin?.positionOf(position) ?? position;
    const original = this.#extendOriginal(before, offset, position + parsed.length);
    if (!before) {
      const line = linesBefore + parsed.line;
      return { parsed, offset, line, kept: bytes, keptBytes: bytes.length, length: parsed.length, original };
    }
    return {
      ...before,
      kept: bytes.length === 0 ? before.kept : Buffer.concat([before.kept, bytes]),
      keptBytes: before.keptBytes + bytes.length,
      length: before.length + parsed.length,
      original,
    };
  }

  #extendOriginal(before: Open | null, from: number, end: number): Open['original'] {
    if (!this.#origin) return null;
    const { length, kept, end: last } = before?.original ?? { length: 0, kept: new Uint8Array(0), end: from };
    // Of a record that is told as a whole, the part before may have told it already.
    const start = Math.max(from, last);
    const to = Math.max(start, this.#origin.endOf(end));
    const bytes = this.#origin.slice(start, Math.min(to, start + KEPT_BYTES - kept.length));
    return { length: length + to - start, end: to, kept: kept.length === 0 ? bytes : Buffer.concat([kept, bytes]) };
  }

  /** The reject, or none where the writer has it. */
  #complete({ parsed, offset, line, kept, length, original }: Open): readonly Reject[] {
    const reject: Reject = {
      file: this.#file,
      line,
      offset,
      column: this.#columnOf(parsed.field),
      code: parsed.code,
      reason: parsed.reason,
      ...rejectText(kept, length, original),
    };
    if (this.#writer === null) return [reject];
    this.#writer.add(reject);
    return [];
  }
}
