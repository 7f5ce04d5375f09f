import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { Connections } from '../flow/connections.ts';
import { memberOf } from '../metadata/document-node.ts';
import { hdfsPathProblem, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { loadConnections } from '../metadata/load-connections.ts';
import { loadGroup } from '../metadata/load-group.ts';
import { readDocument } from '../metadata/read-document.ts';
import { planConnections } from '../plan/plan-connections.ts';
import { findFolders } from './folders.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/**
 * The connections that names typed on the command line lie on: of the group that `ocs` names, else the shared ones. No metadata is
 * needed where all names are local. Fails with ATLAS_CONNECTION_UNKNOWN, saying which groups declare what is missing.
 */
export async function connectionsFor(
  names: readonly string[],
  ocs: string | null,
  options: GlobalOptions,
  io: Io,
): Promise<Connections> {
  const paths = names.flatMap((name) => parseHdfsPath(name) ?? []);
  if (paths.length === 0) return {};
  const { metadata } = findFolders(options, io);
  const request = { metadataDir: metadata, env: options.env, environment: io.env };
  const loaded = ocs === null ? null : await loadGroup({ ocs, ...request });
  const { connections, root } =
    loaded === null
      ? await loadConnections(request, null).catch((error: unknown) => retryWanted(error, paths, request))
      : { connections: loaded.group.connections, root: loaded.root };
  for (const path of paths) {
    const problem = hdfsPathProblem(path, connections);
    if (problem === null) continue;
    const groups = ocs === null ? await groupsDeclaring(path.connection, metadata) : [];
    const where = ocs === null ? '_connections.json' : ocs;
    const hint =
      groups.length === 0
        ? problem.hint
        : `Declared by ${groups.join(', ')} alone: name that group with --ocs where a command takes it (inspect, doctor), or declare it in _connections.json.`;
    throw new AtlasError('ATLAS_CONNECTION_UNKNOWN', `${problem.message} (looked into ${where})`, {
      place: { file: `hdfs://${path.connection}${path.path}` },
      hint,
    });
  }
  return planConnections(connections, root);
}

/** What is wrong with a shared connection that nobody asked for is no reason to stop. */
function retryWanted(
  error: unknown,
  paths: readonly { readonly connection: string }[],
  request: Parameters<typeof loadConnections>[0],
) {
  if (!(error instanceof AtlasError)) throw error;
  return loadConnections(
    request,
    paths.map(({ connection }) => connection),
  );
}

async function groupsDeclaring(connection: string, metadata: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir(metadata)).sort()) {
    const stem = /^([^_.].*)\.jsonc?$/.exec(name)?.[1];
    if (stem === undefined) continue;
    const text = await readFile(join(metadata, name), 'utf8').catch(() => '');
    if (memberOf(memberOf(readDocument(text, name).node, 'connections'), connection) !== null) found.push(stem);
  }
  return found;
}
