import { AtlasError } from '../errors.ts';
import type { DoctorOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { flag, globals, type Values } from './read-options.ts';

/** Reads the options of `doctor`. */
export function doctorOptions(values: Values, io: Io): DoctorOptions {
  const options: DoctorOptions = {
    ...globals(values, io),
    ocs: values['ocs'] as string | null,
    datasets: values['dataset'] as string[],
    connections: values['connection'] as string[],
    folders: values['folder'] as string[],
    all: flag(values, 'all'),
    write: !flag(values, 'readOnly'),
    json: flag(values, 'json'),
  };
  const { ocs, all, connections, datasets, folders } = options;
  const usage = (message: string, hint: string): AtlasError => new AtlasError('ATLAS_USAGE', message, { hint });
  if (ocs === null && !all && connections.length === 0 && folders.length === 0) {
    const hint = 'Give --ocs <group>; or --connection <name> or --all for the shared connections of _connections.json.';
    throw usage('nothing says which connections to try', hint);
  }
  if (all && connections.length > 0) throw usage('--all and --connection are both there', 'Give one of them.');
  if (ocs === null && datasets.length > 0) throw usage('--dataset stands without --ocs', 'Give the group too.');
  return options;
}
