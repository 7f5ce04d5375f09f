import type { StoreOptions } from '../store.ts';
import type { Call } from './call.ts';
import { guardLocation } from './guard-location.ts';
import { lookAt } from './look-at.ts';
import type { NameNodes } from './name-nodes.ts';

/**
 * Where the bytes of a CREATE, APPEND or OPEN go to or come from: the DataNode that the NameNode redirects to, or HttpFS itself.
 * Nothing is changed yet. Fails with ATLAS_HDFS_*. The URL is a secret.
 */
export async function locateBytes(call: Call, nodes: NameNodes, options: StoreOptions): Promise<URL> {
  if (nodes.plan.api === 'webhdfs') {
    const { location, url } = await nodes.call({ ...call, repeatable: true }, options);
    return guardLocation(call, location, url, nodes);
  }
  // Which gateway answers, and whether it takes our word, is known before the first byte is sent.
  await lookAt(nodes, call.path, options);
  const data: Readonly<Record<string, string>> = call.method === 'GET' ? {} : { data: 'true' };
  return nodes.urlOf(nodes.base, { ...call, parameters: { ...call.parameters, ...data } });
}
