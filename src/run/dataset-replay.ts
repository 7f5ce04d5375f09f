import { AtlasError } from '../errors.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Receipt, Replayed } from '../flow/receipt.ts';
import type { ReplayInput } from '../flow/replay-input.ts';
import type { Survey } from '../flow/source.ts';

/** The rejects of one dataset of an earlier run, as they are about to be replayed. */
export interface DatasetReplay {
  /** What that run published, and rejected. */
  readonly of: Receipt;
  /** What stands at the target, if nobody published there since: the run that published it, then every replay, up to `of`. */
  readonly chain: readonly Receipt[];
  readonly input: ReplayInput;
}

/** Where a replay is to take place. */
export interface ReplayGround {
  readonly ledger: Ledger;
  readonly target: string;
  /** Runs whose interruption was settled just now. */
  readonly settled: readonly string[];
  /** Runs add to the target, and take nothing from each other. */
  readonly beside: boolean;
}

/**
 * Decides under the target's lock, once what was interrupted is settled, whether rejects may be replayed: once and only once, and onto
 * nothing but what their run left. Answers the receipt of an interrupted replay that was settled just now (`settled`: its runs), null
 * where all is well. Fails with ATLAS_REPLAY_DONE or ATLAS_REPLAY_TARGET.
 */
export async function admitReplay(
  { of }: DatasetReplay,
  { ledger, target, settled, beside }: ReplayGround,
): Promise<Receipt | null> {
  const done = await ledger.replayOf(of);
  if (done !== null) {
    if (settled.includes(done.run)) return done;
    throw replayedAlready(of, done);
  }
  // what others added since stands beside it; that its own files are there is checked by the sink
  if (beside) return null;
  const last = await ledger.lastAt(target);
  if (last !== null && last.run === of.run && last.dataset === of.dataset && last.ocs === of.ocs) return null;
  const now = last === null ? 'the ledger knows of nothing there' : `run ${last.run} has published there since`;
  throw new AtlasError(
    'ATLAS_REPLAY_TARGET',
    `the rejects of run ${of.run} belong to what it published at ${of.target}, and ${now}`,
    { place: { file: target } },
  );
}

/** The refusal of a second replay: which run was the first, and what it left. */
export function replayedAlready({ run, dataset }: Receipt, done: Receipt): AtlasError {
  const { rows, rejects } = done;
  const left =
    rejects.path === null
      ? 'and none remains'
      : `and ${rows.rejected} of them remain, in ${rejects.path}: atlas-ingest replay ${done.run}`;
  return new AtlasError(
    'ATLAS_REPLAY_DONE',
    `${dataset}: the rejects of run ${run} were replayed by run ${done.run}, which published ${counted(rows.published, 'row')}, ${left}`,
    rejects.path === null ? { hint: 'Nothing is left to do.' } : {},
  );
}

/** What the receipt of a replay says of its run. Fails with ATLAS_REPLAY_FILE where there are more rejects than there were. */
export function replayedOf({ of, input }: DatasetReplay, survey: Survey): Replayed {
  const rejects = of.rows.rejected;
  const found = survey.rejects ?? 0;
  if (found > rejects) {
    throw new AtlasError('ATLAS_REPLAY_FILE', `${input.path} holds ${found} rows, run ${of.run} rejected ${rejects}`, {
      place: { file: input.path },
      hint: 'A row may be mended, split or taken out; new ones belong into an input.',
    });
  }
  return { run: of.run, rejects, removed: rejects - found };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** What became of the rejects of a run, in one sentence. */
export function describeReplay({ rows, replays, outcome }: Receipt): string {
  if (!replays) return '';
  const published = outcome === 'published' ? `${counted(rows.published, 'row')} published` : 'nothing published';
  return `${counted(replays.rejects, 'reject')} in run ${replays.run}: ${published}, ${rows.rejected} rejected again, ${replays.removed} removed by hand`;
}
