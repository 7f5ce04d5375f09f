import { Option } from 'commander';
import type { AddCommand } from './add-init.ts';
import type { Io } from './io.ts';

/** Adds `doctor` to the program. */
export function addDoctor(command: AddCommand, io: Io): void {
  command('doctor', 'try connections step by step, and say what to do where one fails', async (values) => {
    const [{ doctor }, { doctorOptions }] = await Promise.all([import('./doctor.ts'), import('./doctor-options.ts')]);
    return doctor(doctorOptions(values, io), io);
  })
    .addOption(
      new Option('--ocs <group>', 'the connections that its datasets use').default(null, 'the shared connections'),
    )
    .addOption(new Option('--dataset <name...>', 'only what these datasets use').default([], 'all'))
    .addOption(new Option('--connection <name...>', 'only these connections').default([], 'those in use'))
    .addOption(new Option('--all', 'every connection that is declared'))
    .addOption(
      new Option('--folder <hdfs-path...>', 'folders to write a canary file into, besides the targets').default(
        [],
        'none',
      ),
    )
    .addOption(new Option('--read-only', 'write no canary file'))
    .addOption(new Option('--json', 'one line of JSON on standard output, steps on standard error'));
}
