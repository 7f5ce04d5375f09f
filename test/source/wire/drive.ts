import type { FeaturePlan, WireForm } from '../../../src/flow/dataset-plan.ts';
import type { Reject } from '../../../src/flow/reject.ts';
import type { Spans } from '../../../src/flow/tally.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import type { LogicalType } from '../../../src/metadata/logical-type.ts';
import { WireDecoder } from '../../../src/source/wire/wire-decoder.ts';
import type { WirePlan, WireProtocol, WireStart } from '../../../src/source/wire/wire-shape.ts';
import { typeOf } from '../../kernel/csv-drive.ts';
import type { TwinValue } from '../../kernel/csv-twin-cast.ts';
import { readValue } from '../../kernel/read-value.ts';

export const LOADED_AT = 1_700_000_000_123_456n;

/** A feature of a type, and the form in which its column comes; null for none. */
export interface Wanted extends Partial<Omit<FeaturePlan, 'type'>> {
  readonly type: string;
  readonly wire: WireForm | null;
}

export function planOf(wanted: readonly Wanted[], more: Partial<WirePlan> = {}): WirePlan {
  return {
    features: wanted.map(({ wire: _wire, type, ...feature }, index) => ({
      name: `f${index}`,
      from: `c${index}`,
      nullable: true,
      sensitive: false,
      constant: null,
      format: null,
      timezone: 'UTC',
      onLoss: 'reject',
      style: null,
      ...feature,
      type: typeOf(type),
    })),
    columns: wanted.map(({ wire }) => (wire === null ? null : { wire })),
    maxRowBytes: 1 << 16,
    fetchRows: 50_000,
    path: 'postgresql://shop/public.orders',
    ...more,
  };
}

export async function openDecoder(plan: WirePlan, protocol: WireProtocol): Promise<WireDecoder> {
  const kernel = await Kernel.open(WireDecoder.kernelBytes(plan, protocol));
  return WireDecoder.open(kernel, plan, protocol, { loadedAt: LOADED_AT, debug: true });
}

export interface Driven {
  readonly rows: readonly (readonly TwinValue[])[];
  readonly rejects: readonly Reject[];
  readonly batches: readonly number[];
  /** Types and bytes of messages that are no rows, pieces joined. */
  readonly messages: readonly { readonly type: number; readonly bytes: Buffer }[];
  readonly rest: Uint8Array;
  readonly spans: Spans;
}

/** Feeds a stream in pieces of the given sizes (the last repeats) and reads everything back out of kernel memory. */
export function drive(
  decoder: WireDecoder,
  stream: Uint8Array,
  sizes: readonly number[] = [65_536],
  start: WireStart = {},
): Driven {
  decoder.begin(start);
  const rows: (readonly TwinValue[])[] = [];
  const rejects: Reject[] = [];
  const batches: number[] = [];
  const messages: { type: number; bytes: Buffer }[] = [];
  let partial = false;
  let at = 0;
  for (let piece = 0; ; piece++) {
    for (let decoded = decoder.next(Number.POSITIVE_INFINITY); decoded !== null; ) {
      if (decoded.kind === 'message') {
        const last = messages.at(-1);
        if (partial && last) last.bytes = Buffer.concat([last.bytes, decoded.bytes]);
        else messages.push({ type: decoded.type, bytes: Buffer.from(decoded.bytes) });
        partial = !decoded.whole;
      } else {
        const { batch } = decoded;
        const types = batch.schema.fields.map(({ type }) => type);
        for (let row = 0; row < batch.rows; row++) {
          rows.push(batch.columns.map((column, i) => readValue(batch.kernel, column, types[i] as LogicalType, row)));
        }
        rejects.push(...decoded.rejects);
        batches.push(batch.rows);
        batch.release();
      }
      decoded = decoder.next(Number.POSITIVE_INFINITY);
    }
    if (at === stream.length) break;
    const size = sizes[Math.min(piece, sizes.length - 1)] ?? 1;
    const took = decoder.write(stream.subarray(at, at + size));
    if (took === 0) throw new Error('the decoder asks for bytes and takes none');
    at += took;
  }
  const rest = decoder.rest();
  return { rows, rejects, batches, messages, rest, spans: decoder.spans };
}
