import { AtlasError } from '../errors.ts';
import type { Connections } from '../flow/connections.ts';
import { loadConnections } from '../metadata/load-connections.ts';
import { loadGroup } from '../metadata/load-group.ts';
import { planConnections } from '../plan/plan-connections.ts';
import { findFolders } from './folders.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { isTableTarget } from './table-target.ts';

/**
 * The connections that these names and tables of an earlier run lie on, as the metadata declares them now: those of its group, or, where its
 * document is gone, the shared ones. No metadata is needed where no name is on a connection. Fails with ATLAS_CONNECTION_UNKNOWN.
 */
export async function connectionsNow(
  ocs: string,
  names: readonly string[],
  options: GlobalOptions,
  io: Io,
): Promise<Connections> {
  const wanted = [...new Set(names.flatMap((name) => /^hdfs:\/\/([^/]+)/.exec(name)?.[1] ?? []))];
  const tables = names.some(isTableTarget);
  if (wanted.length === 0 && !tables) return {};
  const request = { metadataDir: findFolders(options, io).metadata, env: options.env, environment: io.env };
  let problem: AtlasError;
  try {
    const { group, root } = await loadGroup({ ocs, ...request });
    const missing = wanted.find((name) => !Object.hasOwn(group.connections, name));
    if (missing === undefined) return planConnections(group.connections, root);
    const declared = Object.keys(group.connections).join(', ') || 'none';
    problem = new AtlasError(
      'ATLAS_CONNECTION_UNKNOWN',
      `${names.find((name) => name.startsWith(`hdfs://${missing}/`))} was written through the connection ${missing}, which ${ocs} no longer declares; declared: ${declared}`,
      { hint: `Declare ${missing} again, in the group or in _connections.json.` },
    );
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    problem = error;
  }
  try {
    const { connections, root } = await loadConnections(request, tables ? null : wanted);
    return planConnections(connections, root);
  } catch {
    throw problem.code === 'ATLAS_META_NOT_FOUND'
      ? new AtlasError('ATLAS_CONNECTION_UNKNOWN', `${wanted.join(', ')} cannot be reached: ${problem.message}`, {
          cause: problem,
          place: problem.place,
          hint: `The metadata of the run is gone: declare ${wanted.join(', ')} in _connections.json, or name the folder with --metadata.`,
        })
      : problem;
  }
}
