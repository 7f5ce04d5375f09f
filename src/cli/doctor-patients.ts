import { AtlasError } from '../errors.ts';
import type { Connection as PlannedConnection } from '../flow/connections.ts';
import type { Connection } from '../metadata/connection-schema.ts';
import { formatHdfsPath, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { loadConnections } from '../metadata/load-connections.ts';
import { loadGroup } from '../metadata/load-group.ts';
import { suggest } from '../metadata/nearest.ts';
import { selectDatasets } from '../metadata/select-datasets.ts';
import { type ConnectionUse, connectionUses } from '../plan/connection-uses.ts';
import { planConnections } from '../plan/plan-connections.ts';
import type { DoctorOptions } from './command-options.ts';
import { findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderProblems } from './render-problems.ts';

/** A connection to be tried, and what datasets do with it. */
export interface DoctorPatient extends ConnectionUse {
  readonly name: string;
  readonly type: string;
  /** null where nothing here can try its type yet. */
  readonly connection: PlannedConnection | null;
}

interface Declared {
  readonly connections: Readonly<Record<string, Connection>>;
  readonly root: string;
  readonly uses: Readonly<Record<string, ConnectionUse>>;
}

/** The connections to try, in the order they are declared. Fails with ATLAS_USAGE, ATLAS_CONNECTION_UNKNOWN, ATLAS_META_*. */
export async function doctorPatients(options: DoctorOptions, io: Io): Promise<readonly DoctorPatient[]> {
  const { connections, root, uses } = await declaredBy(options, io);
  const names = Object.keys(connections);
  for (const name of options.connections) {
    if (Object.hasOwn(connections, name)) continue;
    const where = options.ocs === null ? '_connections.json' : options.ocs;
    throw new AtlasError(
      'ATLAS_CONNECTION_UNKNOWN',
      `there is no connection ${JSON.stringify(name)} in ${where}; declared: ${names.join(', ') || 'none'}`,
      { hint: names.length === 0 ? 'Declare it under connections.' : suggest(name, names) },
    );
  }
  const folders = foldersGiven(options.folders, connections);
  const asked = new Set(
    options.connections.length > 0 ? options.connections : [...Object.keys(uses), ...Object.keys(folders)],
  );
  const planned = planConnections(connections, root);
  return names
    .filter((name) => options.all || asked.has(name))
    .map((name) => {
      const use = uses[name] ?? { datasets: [], targets: [], sources: [] };
      const targets = [...new Set([...use.targets, ...(folders[name] ?? [])])];
      const type = connections[name]?.type ?? '';
      return { ...use, targets, name, type, connection: planned[name] ?? null };
    });
}

async function declaredBy(options: DoctorOptions, io: Io): Promise<Declared> {
  const { metadata } = findFolders(options, io);
  const request = { metadataDir: metadata, env: options.env, environment: io.env };
  const tell = (warnings: Parameters<typeof renderProblems>[0]): void =>
    io.stderr.write(renderProblems(warnings, 'warning', paintFor(io.stderr), io.cwd));
  if (options.ocs === null) {
    const wanted = options.all || options.connections.length === 0 ? null : options.connections;
    const { connections, root, warnings } = await loadConnections(request, wanted);
    tell(warnings);
    return { connections, root, uses: {} };
  }
  const { group, root, warnings } = await loadGroup({ ocs: options.ocs, ...request });
  tell(warnings);
  const datasets = selectDatasets(group, options.datasets);
  return { connections: group.connections, root, uses: connectionUses(options.ocs, datasets, options.vars) };
}

/** The folders of `--folder`, by connection. */
function foldersGiven(
  names: readonly string[],
  connections: Declared['connections'],
): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const name of names) {
    const path = parseHdfsPath(name);
    if (path === null || !Object.hasOwn(connections, path.connection)) {
      throw new AtlasError(
        'ATLAS_USAGE',
        `--folder is ${JSON.stringify(name)}, hdfs://<connection>/<folder> is expected`,
        {
          hint: `Connections: ${Object.keys(connections).join(', ') || 'none is declared'}.`,
        },
      );
    }
    const folders = found[path.connection] ?? [];
    found[path.connection] = [...folders, formatHdfsPath(path)];
  }
  return found;
}
