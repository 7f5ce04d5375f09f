import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { Spans } from '../../flow/tally.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Decoded, WireOptions, WirePlan, WireProtocol, WireStart } from './wire-shape.ts';

/**
 * Bytes of row messages → batches in kernel memory, and rejects. One per lane: its memory is taken once, for the plan.
 *
 * The caller writes whatever arrives (`write` takes as much as there is `room` for) and then calls `next` until it answers null.
 * Where batches end is a function of the bytes alone, never of the pieces in which they came. The batch of one `next` must be released
 * before the following `next`; `write` may be called in between.
 */
export class WireDecoder {
  readonly schema: Schema;
  readonly kernel: Kernel;

  private constructor(kernel: Kernel, plan: WirePlan, _protocol: WireProtocol, _options: WireOptions) {
    this.kernel = kernel;
    this.schema = { fields: plan.features };
  }

  /** Arena bytes that `open` takes. */
  static kernelBytes(_plan: WirePlan, _protocol: WireProtocol): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Takes the decoder's memory from the kernel's arena, for good. Fails with ATLAS_META_INVALID where a constant is not of its type. */
  static open(kernel: Kernel, plan: WirePlan, protocol: WireProtocol, options: WireOptions): WireDecoder {
    return new WireDecoder(kernel, plan, protocol, options);
  }

  /** A result begins: forgets all bytes of the one before. */
  begin(_start: WireStart): void {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Bytes that `write` would take now. */
  get room(): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Copies the first bytes, as many as there is room for; answers how many. With no room left, `next` answers something. */
  write(_bytes: Uint8Array): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /**
   * A batch (of 0 rows where all were rejected), a message that is no row, or null: more bytes are needed. Rows before a message come
   * first. `rejectLimit`: rejects of the task after which it stops. Fails with ATLAS_DB_PROTOCOL where the bytes are not what the
   * protocol or the plan says, with ATLAS_DB_ROW_TOO_LONG where a row is longer than `maxRowBytes`.
   */
  next(_rejectLimit: number): Decoded | null {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** What was written and not decoded, copied; the decoder holds nothing afterwards. For what follows a result. */
  rest(): Uint8Array {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Bytes of a message that is not complete, or of rows not answered yet, are held. */
  get pending(): boolean {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Rows delivered in batches since `begin` (without `goOn`). */
  get rows(): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  get rejected(): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** Bytes of row messages since `begin` (without `goOn`): of rows delivered, of rejected ones, and of COPY's own header and trailer. */
  get spans(): Spans {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }

  /** MySQL: the sequence number that follows that of the packet decoded last. */
  get sequence(): number {
    throw new AtlasError('ATLAS_INTERNAL', 'not there yet');
  }
}
