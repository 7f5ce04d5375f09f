import type { DestinationPlan } from '../flow/dataset-plan.ts';
import type { Connection } from '../metadata/connection-schema.ts';
import { parseHdfsPath } from '../metadata/hdfs-path.ts';

/** What a reader of the target sees besides, where a gateway cannot replace a file in one step. */
export function describeGateway(
  destination: DestinationPlan,
  connections: Readonly<Record<string, Connection>>,
): readonly string[] {
  if (destination.type !== 'parquet') return [];
  const { path, folder, mode, layout } = destination;
  const name = parseHdfsPath(path)?.connection;
  const connection = name !== undefined && Object.hasOwn(connections, name) ? connections[name] : undefined;
  const replaces = layout === 'versioned' || (!folder && mode === 'overwrite');
  if (connection?.type !== 'webhdfs' || connection.api !== 'httpfs' || !replaces) return [];
  const what = layout === 'versioned' ? 'pointer' : 'file';
  return [
    `${name} is HttpFS, which replaces nothing by a rename: there are two, and for that moment readers find no ${what}; the NameNodes themselves (api webhdfs) need one`,
  ];
}
