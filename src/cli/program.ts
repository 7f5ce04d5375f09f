import { Command, CommanderError, Option } from 'commander';
import { AtlasError } from '../errors.ts';
import { addDoctor } from './add-doctor.ts';
import { addIngest } from './add-ingest.ts';
import { addInit } from './add-init.ts';
import { addQuery } from './add-query.ts';
import { addState } from './add-state.ts';
import type { Io } from './io.ts';
import { oneOf, parseIfLocked, wholeNumber } from './option-values.ts';
import {
  addGlobalOptions,
  flag,
  globals,
  groupOptions,
  replayOptions,
  runOptions,
  type Values,
} from './read-options.ts';
import { renderError } from './render-error.ts';
import { packageVersion } from './version.ts';

type Action = (values: Values, args: readonly string[]) => Promise<number>;

/** Parses `argv` (without node and script), runs the command it names, and answers the exit code. Never throws. `name`: what it was called as. */
export async function runProgram(argv: readonly string[], io: Io, name = 'atlas-ingest'): Promise<number> {
  let code = 0;
  const program = buildProgram(
    io,
    (exit) => {
      code = exit;
    },
    name,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
      const shown = message === '(outputHelp)' || error.code === 'commander.help';
      return shown ? 2 : renderError(new AtlasError('ATLAS_USAGE', message), io);
    }
    return renderError(error, io);
  }
}

/** The command tree. Every command's own code is loaded only when it runs. */
export function buildProgram(io: Io, done: (exit: number) => void, name = 'atlas-ingest'): Command {
  const program = new Command(name)
    .description('Declarative batch ingestion: typed, fast, atomic, and every row accounted for.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(io.stdout.columns, 110),
      getErrHelpWidth: () => Math.min(io.stderr.columns, 110),
      getOutHasColors: () => io.stdout.colour,
      getErrHasColors: () => io.stderr.colour,
    })
    .exitOverride();
  addGlobalOptions(program);

  const command = (usage: string, summary: string, action: Action): Command =>
    program
      .command(usage)
      .description(summary)
      .action(async (...input: unknown[]) => {
        const self = input.at(-1) as Command;
        done(await action(self.optsWithGlobals(), self.args));
      });

  const dataset = (): Option => new Option('--dataset <name...>', 'only these datasets').default([], 'all');
  const json = (): Option => new Option('--json', 'one line of JSON on standard output');
  const workers = (): Option =>
    new Option('--workers <n>', 'worker threads').default(null, 'the cores').argParser(wholeNumber('--workers', 1));
  const ifLocked = (): Option =>
    new Option('--if-locked <what>', 'where another run holds the target: fail, skip or wait=10m')
      .default({ kind: 'fail' }, 'fail')
      .argParser(parseIfLocked);
  const quiet = (): Option => new Option('-q, --quiet', 'say nothing unless it fails');
  const log = (): Option =>
    new Option('--log <format>', 'messages on standard error: text or json')
      .default('text', 'text')
      .argParser(oneOf('--log', ['text', 'json']));
  const ocs = (): Option => new Option('--ocs <group>', 'the ocs group: metadata/<group>.json');

  command('run', 'load the datasets of a group and publish them', async (values) => {
    const { run } = await import('./run.ts');
    return run(runOptions(values, io), io);
  })
    .addOption(ocs())
    .addOption(dataset())
    .addOption(workers())
    .addOption(
      new Option('--parallel-datasets <n>', 'datasets at a time')
        .default(1)
        .argParser(wholeNumber('--parallel-datasets', 1)),
    )
    .addOption(new Option('--dry-run', 'print the plan and touch nothing'))
    .addOption(new Option('--force', 'ignore what the ledger remembers of a conflict or of loaded input'))
    .addOption(new Option('--strict', 'rejects within limits end with exit code 1'))
    .addOption(new Option('--fail-fast', 'with on_error fail: stop at the first bad row'))
    .addOption(
      new Option('--since <value>', 'incremental, and no watermark is known: read above it (start: all)').default(
        null,
        'the watermark',
      ),
    )
    .addOption(new Option('--full-refresh', 'incremental: read all rows, and replace everything at the target'))
    .addOption(
      new Option('--from <value>', 'incremental: backfill from it on; needs --to').default(null, 'the watermark'),
    )
    .addOption(
      new Option('--chunk <size>', 'with --from: a publication for each (1d, 6h, 100000)').default(null, 'one'),
    )
    .addOption(ifLocked())
    .addOption(
      new Option('--limit <rows>', 'take the first rows only; needs --to')
        .default(null, 'all')
        .argParser(wholeNumber('--limit', 1)),
    )
    .addOption(
      new Option(
        '--to <file>',
        'with --limit: write them to this Parquet file; with --from: read up to before a value',
      ).default(null, 'the target'),
    )
    .addOption(json())
    .addOption(quiet())
    .addOption(log());

  addIngest(command, io);
  addInit(command, io);
  addDoctor(command, io);
  addState(command, io);
  addQuery(command, io);

  command('plan', 'print what a run would do, touching nothing', async (values) => {
    const { plan } = await import('./plan.ts');
    return plan(
      {
        ...groupOptions(values, io),
        begin: null,
        force: false,
        json: flag(values, 'json'),
        exitCode: flag(values, 'exitCode'),
      },
      io,
    );
  })
    .addOption(ocs())
    .addOption(dataset())
    .addOption(new Option('--exit-code', 'exit 10 if schema or loss changes'))
    .addOption(json());
  command('validate', 'say what is wrong with the metadata, touching nothing', async (values) => {
    const { validate } = await import('./validate.ts');
    return validate({ ...groupOptions(values, io), json: flag(values, 'json') }, io);
  })
    .addOption(ocs())
    .addOption(dataset())
    .addOption(json());
  command(
    'inspect <file>',
    'show schema, row groups, statistics and first rows of a Parquet file (local, or hdfs://<connection>/…)',
    async (values, args) => {
      const { inspect } = await import('./inspect.ts');
      return inspect(
        {
          ...globals(values, io),
          file: args[0] ?? '',
          ocs: values['ocs'] as string | null,
          rows: values['rows'] as number,
          json: flag(values, 'json'),
        },
        io,
      );
    },
  )
    .addOption(
      new Option('--ocs <group>', 'for hdfs:// names: the group that declares the connection').default(
        null,
        'the shared connections',
      ),
    )
    .addOption(new Option('--rows <n>', 'rows to show').default(5).argParser(wholeNumber('--rows', 0)))
    .addOption(json());
  command('history', 'list past runs', async (values) => {
    const { history } = await import('./history.ts');
    const { ocs: only, limit } = values as { ocs: string | null; limit: number };
    return history({ ...globals(values, io), ocs: only, limit, json: flag(values, 'json') }, io);
  })
    .addOption(new Option('--ocs <group>', 'only this group').default(null, 'all'))
    .addOption(new Option('--limit <n>', 'newest runs to list').default(20).argParser(wholeNumber('--limit', 1)))
    .addOption(json());
  command('show <run>', 'show the receipts of a run (its id, the start of it, or `last`)', async (values, args) => {
    const { show } = await import('./show.ts');
    return show({ ...globals(values, io), run: args[0] ?? '', json: flag(values, 'json') }, io);
  }).addOption(json());
  command('verify <run>', 'count and checksum again what a run published', async (values, args) => {
    const { verify } = await import('./verify.ts');
    return verify({ ...globals(values, io), run: args[0] ?? '', json: flag(values, 'json') }, io);
  }).addOption(json());
  command('replay <run>', 'take the rejects of a run, mended or not, through its plan again', async (values, args) => {
    const { replay } = await import('./replay.ts');
    return replay(replayOptions(values, args[0] ?? '', io), io);
  })
    .addOption(dataset())
    .addOption(workers())
    .addOption(new Option('--strict', 'rejects that remain end with exit code 1'))
    .addOption(ifLocked())
    .addOption(json())
    .addOption(quiet())
    .addOption(log());
  command('schema', 'print the JSON Schema of a metadata document', async (values) => {
    const { schema } = await import('./schema.ts');
    return schema({ ...globals(values, io), write: values['write'] as string | null }, io);
  }).addOption(new Option('--write <file>', 'write it to a file').default(null, 'standard output'));
  command('explain [code]', 'cause and cure of an error code; without one, list them all', async (values, args) => {
    const { explain } = await import('./explain.ts');
    return explain({ ...globals(values, io), code: args[0] ?? null, json: flag(values, 'json') }, io);
  }).addOption(json());
  return program;
}
