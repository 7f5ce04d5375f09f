import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { AtlasError } from '../../../errors.ts';
import type { StoreOptions } from '../../store.ts';
import { lookAt } from '../look-at.ts';
import type { Call } from './call.ts';
import { guardLocation } from './guard-location.ts';
import type { NameNodes } from './name-nodes.ts';

/** Where bytes go to or come from. A secret. */
export interface BytePlace {
  readonly url: URL;
  /** To be sent along: who asks. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hears how the server answered that (`WWW-Authenticate`, or null), once. */
  readonly settle?: (challenge: string | null) => Promise<void>;
}

/**
 * Where the bytes of a CREATE, APPEND or OPEN go to or come from: the DataNode that the NameNode redirects to, or HttpFS itself.
 * Nothing is changed yet. Fails with ATLAS_HDFS_*.
 */
export async function locateBytes(call: Call, nodes: NameNodes, options: StoreOptions): Promise<BytePlace> {
  if (nodes.plan.api === 'webhdfs') {
    const { location, url } = await nodes.locate(call, options);
    return { url: guardLocation(call, location, url, nodes), headers: {} };
  }
  // Which gateway answers, and whether it takes our word, is known before the first byte is sent.
  const folder = dirname(call.path);
  const found = await lookAt(nodes, call.op === 'CREATE' ? folder : call.path, options);
  // It does not know `createparent=false`.
  if (call.op === 'CREATE' && found.kind !== 'folder') {
    throw new AtlasError(
      'ATLAS_STORE_WRITE',
      `could not create ${call.path}: ${folder} is no folder but ${found.kind}`,
      {
        place: { file: call.path },
      },
    );
  }
  const { base } = nodes;
  const presented = await nodes.credentials.present(base, options);
  const data: Readonly<Record<string, string>> = call.method === 'GET' ? {} : { data: 'true' };
  const url = nodes.urlOf(base, { ...call, parameters: { ...call.parameters, ...data } }, presented);
  return { ...presented, url };
}

/** The answer from a place, once what it says of who asked has been heard. */
export async function settled({ settle }: BytePlace, answer: Promise<IncomingMessage>): Promise<IncomingMessage> {
  const message = await answer;
  await settle?.(message.headers['www-authenticate'] ?? null);
  return message;
}
