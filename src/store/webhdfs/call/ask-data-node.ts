import { AtlasError } from '../../../errors.ts';
import type { StoreOptions } from '../../store.ts';
import type { Call } from './call.ts';
import { dataNodeError } from './data-node-error.ts';
import { type Begun, beginRequest, NoAnswer } from './exchange.ts';
import { hdfsError, isLasting } from './hdfs-error.ts';
import { locateBytes, settled } from './locate-bytes.ts';
import type { NameNodes } from './name-nodes.ts';

/**
 * The second step of a call: asks a NameNode which DataNode to turn to, which changes nothing yet, and connects to that one, or to HttpFS
 * itself. A DataNode that is not there is named to the NameNode, so that it chooses another. Nothing has been sent when this resolves: the
 * caller sends, and ends the request. Fails as `NameNodes.call` and `guardLocation` do.
 */
export async function askDataNode(
  call: Call,
  nodes: NameNodes,
  headers: Readonly<Record<string, string>>,
  { signal }: StoreOptions,
): Promise<Begun> {
  const { ca, limits, attempts } = nodes.plan;
  const dead = new Set<string>();
  let to: URL | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const excluded: Record<string, string> = dead.size === 0 ? {} : { excludedatanodes: [...dead].join(',') };
    const asked = { ...call, parameters: { ...call.parameters, ...excluded }, repeatable: true };
    try {
      const place = await locateBytes(asked, nodes, { signal });
      to = place.url;
      const all = { ...place.headers, ...headers };
      const begun = beginRequest(place.url, { method: call.method, headers: all, ca, limits, signal });
      const answer = settled(place, begun.answer);
      answer.catch(() => {});
      try {
        await begun.connected;
        return { ...begun, answer };
      } catch (error) {
        const address = begun.address();
        if (address !== null) dead.add(address);
        throw error;
      }
    } catch (error) {
      signal.throwIfAborted();
      // with every DataNode named dead a NameNode has none to choose
      const isExhausted = error instanceof AtlasError && error.code === 'ATLAS_STORE_WRITE' && dead.size > 0;
      if (isExhausted) dead.clear();
      else if (!(error instanceof NoAnswer)) throw error;
      if (attempt >= attempts || isLasting(error)) {
        throw dataNodeError(call, nodes.plan, to, error) ?? hdfsError(call, nodes.plan, error, attempt);
      }
      await nodes.pause(attempt, signal);
    }
  }
}
