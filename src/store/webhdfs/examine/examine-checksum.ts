import { type Call, jsonOf } from '../call.ts';
import { exchange } from '../exchange.ts';
import { guardLocation } from '../guard-location.ts';
import type { NameNodes } from '../name-nodes.ts';
import { isUnknownOperation } from './ask-server.ts';
import { type Found, untold, well } from './finding.ts';

/** Asks HDFS for its own checksum of a file, as a run does before it publishes. */
export async function examineChecksum(nodes: NameNodes, path: string, signal: AbortSignal): Promise<Found<true>> {
  const call: Call = { method: 'GET', op: 'GETFILECHECKSUM', path, repeatable: true };
  try {
    const { location, url, text, status } = await nodes.call(call, { signal });
    const { ca, limits } = nodes.plan;
    const answer =
      location === null
        ? text
        : (await exchange(guardLocation(call, location, url, nodes), { method: 'GET', ca, limits, signal })).text;
    const { FileChecksum: it } = jsonOf<{ FileChecksum?: { algorithm?: string } }>(call, {
      status,
      location: null,
      url,
      text: answer,
    });
    return well(`${it?.algorithm ?? 'an unnamed algorithm'}`, true);
  } catch (error) {
    if (isUnknownOperation(error)) return untold('this server gives no checksums; length and file id remain');
    throw error;
  }
}
