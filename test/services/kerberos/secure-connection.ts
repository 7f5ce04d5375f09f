import type { HdfsConnection } from '../../../src/flow/connections.ts';
import { connectionSchema } from '../../../src/metadata/connection-schema.ts';
import { planConnections } from '../../../src/plan/plan-connections.ts';
import type { SecureHadoop } from './describe-with-kerberos.ts';

/** What a document declares of the secured HDFS; `more` = who asks, and further keys. */
export function declaredSecure({ url }: Pick<SecureHadoop, 'url'>, more: object): object {
  return { type: 'webhdfs', url, ...more };
}

/** The same, through the real schema and planner; named `lake`. */
export function secureConnection(hadoop: Pick<SecureHadoop, 'url'>, more: object): HdfsConnection {
  const { lake } = planConnections({ lake: connectionSchema.parse(declaredSecure(hadoop, more)) }, '/');
  if (lake?.type !== 'webhdfs') throw new Error('nothing was planned');
  return lake;
}
