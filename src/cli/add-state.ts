import { Option } from 'commander';
import type { AddCommand } from './add-init.ts';
import type { Io } from './io.ts';
import { stateOptions } from './read-options.ts';

/** Adds `state` to the program. */
export function addState(command: AddCommand, io: Io): void {
  command(
    'state <what>',
    'watermarks of incremental datasets: `show` them, or `set` one by hand',
    async (values, args) => {
      const options = stateOptions(values, args[0] ?? '', io);
      if ('watermark' in options) {
        const { stateSet } = await import('./state-set.ts');
        return stateSet(options, io);
      }
      const { stateShow } = await import('./state-show.ts');
      return stateShow(options, io);
    },
  )
    .addOption(new Option('--ocs <group>', 'the ocs group'))
    .addOption(new Option('--dataset <name>', 'only this dataset').default(null, 'all'))
    .addOption(
      new Option('--watermark <value>', 'set: the next run begins above it (start: where the first did)').default(
        null,
        'none',
      ),
    )
    .addOption(new Option('--reason <text>', 'set: why; it is remembered, with who and when').default(null, 'none'))
    .addOption(new Option('--target <path>', 'set: which, where a dataset has several').default(null, 'the only one'))
    .addOption(new Option('--json', 'one line of JSON on standard output'));
}
