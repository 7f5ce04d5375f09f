import { userInfo } from 'node:os';
import type { HdfsConnection } from '../../../src/flow/connections.ts';
import { connectionSchema } from '../../../src/metadata/connection-schema.ts';
import { planConnections } from '../../../src/plan/plan-connections.ts';
import type { Hadoop } from './start-hadoop.ts';

/** What a document declares of a server; `more` = further keys of the connection. */
export function declaredHdfs(hadoop: Pick<Hadoop, 'url'>, more: object = {}): object {
  return { type: 'webhdfs', url: hadoop.url, user: userInfo().username, ...more };
}

/** The same, through the real schema and planner; named `lake`. */
export function hdfsConnection(hadoop: Pick<Hadoop, 'url'>, more: object = {}): HdfsConnection {
  const { lake } = planConnections({ lake: connectionSchema.parse(declaredHdfs(hadoop, more)) }, '/');
  if (lake?.type !== 'webhdfs') throw new Error('nothing was planned');
  return lake;
}
