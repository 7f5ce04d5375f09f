import { type Command, Option } from 'commander';
import { AtlasError } from '../errors.ts';
import type { IfLocked, ReplayCommandOptions, RunCommandOptions } from './command-options.ts';
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
  const limit = values['limit'] as number | null;
  const file = values['to'] as string | null;
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
    sample: limit === null || file === null ? null : { rows: limit, file },
    json: flag(values, 'json'),
    quiet: flag(values, 'quiet'),
    log: values['log'] as 'text' | 'json',
  };
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
