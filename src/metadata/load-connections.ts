import { dirname } from 'node:path';
import { AtlasError, type Problem } from '../errors.ts';
import type { Connection } from './connection-schema.ts';
import { parseConnections } from './parse-connections.ts';
import { problemsError } from './problems-error.ts';
import { type EnvironmentRequest, readEnvironment } from './read-environment.ts';

export interface LoadedConnections {
  readonly connections: Readonly<Record<string, Connection>>;
  /** The folder that holds metadata/. */
  readonly root: string;
  readonly warnings: readonly Problem[];
}

/**
 * Loads shared connections (`_connections.json`, with that of `env` over it) without a group; `wanted` null = all.
 * Fails with ATLAS_CONNECTION_UNKNOWN where a wanted one is not there, and with what is wrong in those that are.
 */
export async function loadConnections(
  request: EnvironmentRequest,
  wanted: readonly string[] | null,
  options: { readonly signal?: AbortSignal } = {},
): Promise<LoadedConnections> {
  const around = await readEnvironment(request, null, options.signal);
  const parsed = parseConnections(around.environment, wanted);
  const file = around.environment.connections.at(-1)?.file ?? request.metadataDir;
  const problems = [...around.problems, ...parsed.problems];
  if (problems.length > 0) throw problemsError(problems, 'the connections', file);
  const missing = wanted?.find((name) => !parsed.names.includes(name));
  if (missing !== undefined) {
    const names = parsed.names.join(', ');
    const there =
      around.environment.connections.length === 0
        ? `there is no _connections.json in ${request.metadataDir}`
        : `${file} declares ${names === '' ? 'none' : names}`;
    throw new AtlasError('ATLAS_CONNECTION_UNKNOWN', `there is no shared connection ${missing}; ${there}`, {
      place: { file },
      hint: 'Name the group whose document declares it with --ocs, or declare it in _connections.json.',
    });
  }
  const warnings = [...around.warnings, ...parsed.warnings];
  return { connections: parsed.connections, root: dirname(request.metadataDir), warnings };
}
