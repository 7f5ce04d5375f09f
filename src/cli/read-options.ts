import { type Command, Option } from 'commander';
import { AtlasError } from '../errors.ts';
import type {
  BeginOption,
  IfLocked,
  ReplayCommandOptions,
  RunCommandOptions,
  StateSetOptions,
  StateShowOptions,
} from './command-options.ts';
import type { GlobalOptions, GroupOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { addVariable } from './option-values.ts';

/** What commander hands over: by option name in camelCase. */
export type Values = Readonly<Record<string, unknown>>;

/** Options that may stand before or after any command. */
export function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option('--metadata <dir>', 'folder of the metadata documents (ATLAS_METADATA; else ./metadata or above)'),
    )
    .addOption(new Option('--state <dir>', 'state folder (ATLAS_STATE; else .atlas beside the metadata folder)'))
    .addOption(
      new Option('--env <name>', 'environment: lays _connections.<name>.json over the connections (ATLAS_ENV)'),
    )
    .addOption(new Option('--var <name=value...>', 'a run variable for {{ name }}').argParser(addVariable));
}

/** Reads the global options; the command line wins over the environment, an empty variable counts as none. */
export function globals(values: Values, io: Io): GlobalOptions {
  const either = (name: string, variable: string): string | null =>
    (values[name] as string | undefined) ?? (io.env[variable] || null);
  return {
    metadata: either('metadata', 'ATLAS_METADATA'),
    state: either('state', 'ATLAS_STATE'),
    ledger: io.env['ATLAS_LEDGER'] || null,
    env: either('env', 'ATLAS_ENV'),
    vars: (values['var'] as Record<string, string> | undefined) ?? {},
  };
}

/** Reads what commands on a group share. */
export function groupOptions(values: Values, io: Io): GroupOptions {
  const ocs = values['ocs'] as string | undefined;
  // commander's own check would come before that of unknown options, and hide what was misspelt
  if (!ocs) throw new AtlasError('ATLAS_USAGE', 'the option --ocs <group> is missing');
  return { ...globals(values, io), ocs, datasets: values['dataset'] as string[] };
}

/** Reads the options of `run`. */
export function runOptions(values: Values, io: Io): RunCommandOptions {
  const begin = beginOption(values);
  const limit = values['limit'] as number | null;
  const file = begin?.kind === 'backfill' ? null : (values['to'] as string | null);
  if (begin !== null && limit !== null) {
    throw new AtlasError('ATLAS_USAGE', `--limit takes a sample, and ${FLAGS[begin.kind]} is for runs that publish`, {
      hint: 'Leave one of them out.',
    });
  }
  if ((limit === null) !== (file === null)) {
    throw new AtlasError(
      'ATLAS_USAGE',
      `${limit === null ? '--to' : '--limit'} stands without ${limit === null ? '--limit' : '--to'}`,
      { hint: 'Give both: --limit 1000 --to sample.parquet takes the first 1000 rows into a file of its own.' },
    );
  }
  return {
    ...groupOptions(values, io),
    workers: values['workers'] as number | null,
    parallelDatasets: values['parallelDatasets'] as number,
    dryRun: flag(values, 'dryRun'),
    force: flag(values, 'force'),
    strict: flag(values, 'strict'),
    failFast: flag(values, 'failFast'),
    ifLocked: values['ifLocked'] as IfLocked,
    begin,
    sample: limit === null || file === null ? null : { rows: limit, file },
    json: flag(values, 'json'),
    quiet: flag(values, 'quiet'),
    log: values['log'] as 'text' | 'json',
  };
}

const FLAGS = { since: '--since', full_refresh: '--full-refresh', backfill: '--from' } as const;

/** Reads how incremental datasets are to begin; one way at most. */
export function beginOption(values: Values): BeginOption | null {
  const [since, from, chunk, to] = ['since', 'from', 'chunk', 'to'].map(
    (name) => (values[name] ?? null) as string | null,
  );
  const fullRefresh = flag(values, 'fullRefresh');
  const given = [
    ...(since ? ['--since'] : []),
    ...(fullRefresh ? ['--full-refresh'] : []),
    ...(from ? ['--from'] : []),
  ];
  if (given.length > 1) {
    throw new AtlasError('ATLAS_USAGE', `${given.join(' and ')} are given together`, { hint: 'Give one of them.' });
  }
  if (chunk && !from) {
    throw new AtlasError('ATLAS_USAGE', '--chunk stands without --from', {
      hint: 'Give all three: --from 2024-01-01 --to 2024-02-01 --chunk 1d.',
    });
  }
  if (since) return { kind: 'since', value: since };
  if (fullRefresh) return { kind: 'full_refresh' };
  if (!from) return null;
  if (to) return { kind: 'backfill', from, to, chunk: chunk || null };
  throw new AtlasError('ATLAS_USAGE', '--from stands without --to', {
    hint: 'Give both: --from 2024-01-01 --to 2024-02-01 reads that January.',
  });
}

/** Reads the options of `state`. */
export function stateOptions(values: Values, what: string, io: Io): StateShowOptions | StateSetOptions {
  const ocs = values['ocs'] as string | null;
  if (what !== 'show' && what !== 'set') {
    throw new AtlasError('ATLAS_USAGE', `state ${what} is not known, state show or state set is expected`);
  }
  if (!ocs) throw new AtlasError('ATLAS_USAGE', 'the option --ocs <group> is missing');
  const [dataset, watermark, reason, target] = ['dataset', 'watermark', 'reason', 'target'].map(
    (name) => (values[name] ?? null) as string | null,
  );
  const shown = { ...globals(values, io), ocs, dataset: dataset || null, json: flag(values, 'json') };
  if (what === 'show') {
    const [extra] = ['watermark', 'reason', 'target'].filter((name) => values[name] !== null);
    if (extra === undefined) return shown;
    throw new AtlasError('ATLAS_USAGE', `--${extra} is an option of state set`);
  }
  if (dataset && watermark && reason) return { ...shown, dataset, watermark, reason, target: target || null };
  const missing = dataset ? (watermark ? 'reason <text>' : 'watermark <value>') : 'dataset <name>';
  throw new AtlasError('ATLAS_USAGE', `the option --${missing} is missing`, {
    hint: 'state set --ocs G --dataset D --watermark V --reason "why": who, when and why are remembered.',
  });
}

/** Reads the options of `replay`. */
export function replayOptions(values: Values, run: string, io: Io): ReplayCommandOptions {
  return {
    ...globals(values, io),
    run,
    datasets: values['dataset'] as string[],
    workers: values['workers'] as number | null,
    strict: flag(values, 'strict'),
    ifLocked: values['ifLocked'] as IfLocked,
    json: flag(values, 'json'),
    quiet: flag(values, 'quiet'),
    log: values['log'] as 'text' | 'json',
  };
}

export function flag(values: Values, name: string): boolean {
  return values[name] === true;
}
