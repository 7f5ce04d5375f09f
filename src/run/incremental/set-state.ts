import { AtlasError } from '../../errors.ts';
import { describeKind } from '../../flow/describe-kind.ts';
import type { Ledger } from '../../flow/ledger.ts';
import { spellValue } from '../../flow/spell-point.ts';
import type { Watermark, WatermarkChange } from '../../flow/watermark.ts';
import { describeUser } from './describe-user.ts';

/**
 * Sets a watermark by hand, to a value as people write it, or to `start`: the next run begins above it, or where the first one did. Fails
 * with ATLAS_STATE_VALUE, with ATLAS_STATE_PENDING where a run is still to be settled, which would move it, and as `Ledger.setWatermark`.
 */
export async function setState(
  ledger: Ledger,
  watermark: Watermark,
  { text, why }: { readonly text: string; readonly why: string },
): Promise<WatermarkChange> {
  const { kind, column, dataset, target } = watermark;
  const after = text === 'start' ? null : spellValue(kind, text);
  if (after === null && text !== 'start') {
    const message = `--watermark is ${JSON.stringify(text)}, and the watermark of ${dataset} is of kind ${kind} (${column})`;
    throw new AtlasError('ATLAS_STATE_VALUE', message, { hint: `Write ${describeKind(kind)}.` });
  }
  const [open] = await ledger.pending(target);
  if (open !== undefined) {
    throw new AtlasError(
      'ATLAS_STATE_PENDING',
      `run ${open.run} of ${open.dataset} was interrupted, and is not settled`,
    );
  }
  const { value: before, run: _, ...rest } = watermark;
  const change = { ...rest, at: new Date().toISOString(), before, after, who: describeUser(), why };
  await ledger.setWatermark(change);
  return change;
}
