import { AtlasError } from '../errors.ts';
import type { Watermark, WatermarkChange } from '../flow/watermark.ts';
import { setState } from '../run/incremental/set-state.ts';
import type { StateSetOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { shortPath } from './render-receipts.ts';
import { snakeKeys } from './snake-keys.ts';
import { describeChange } from './state-show.ts';
import { withLedger } from './with-ledger.ts';

/** `atlas-ingest state set`: moves a watermark by hand; who, when and why is remembered with it. */
export async function stateSet(options: StateSetOptions, io: Io): Promise<number> {
  const { ocs, dataset } = options;
  return withLedger(options, io, async (ledger, name) => {
    const known = (await ledger?.watermarks({ ocs, dataset })) ?? [];
    const one = only(known, options, name, io.cwd);
    if (ledger === null) throw none(options, name);
    const change = await setState(ledger, one, { text: options.watermark, why: options.reason });
    io.stdout.write(options.json ? `${json(ocs, change)}\n` : `${describeChange(change)}\n`);
    return 0;
  });
}

function only(known: readonly Watermark[], options: StateSetOptions, ledger: string, cwd: string): Watermark {
  const { dataset, target } = options;
  const found =
    target === null ? known : known.filter((each) => [each.target, shortPath(each.target, cwd)].includes(target));
  // of several sources at one target, the one that moved last is the one that is read
  const newest = [...found].sort((a, b) => (a.at < b.at ? 1 : -1));
  const [one] = newest;
  if (one === undefined) throw none(options, ledger);
  const targets = [...new Set(found.map((each) => each.target))];
  if (targets.length === 1) return one;
  const names = targets.map((each) => shortPath(each, cwd)).join(', ');
  throw new AtlasError('ATLAS_STATE_UNKNOWN', `${dataset} has ${targets.length} watermarks, of ${names}`, {
    hint: 'Name one of them with --target.',
  });
}

function none({ ocs, dataset, target }: StateSetOptions, ledger: string): AtlasError {
  const at = target === null ? '' : ` at ${target}`;
  return new AtlasError('ATLAS_STATE_UNKNOWN', `${ledger} knows no watermark of ${dataset} of ${ocs}${at}`);
}

function json(ocs: string, change: WatermarkChange): string {
  return JSON.stringify({ state_version: 1, ocs, change: snakeKeys(change) });
}
