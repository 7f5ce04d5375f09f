import { AtlasError } from '../../../errors.ts';
import type { StoreOptions } from '../../store.ts';
import { type Call, jsonOf } from '../call/call.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { withhold } from '../call/redact.ts';
import { tokenFacts } from './token-facts.ts';

/** A delegation token that we asked for, by this process's own clock (`performance.now()`, milliseconds). */
export interface DelegationToken {
  /** Secret. */
  readonly text: string;
  readonly born: number;
  /** When it ends for good, however often it is renewed; null where it does not say so. */
  readonly dies: number | null;
  /** The server's clock less ours. */
  readonly ahead: number;
}

/** Signs in and gets a token whose renewer is its owner. Fails with ATLAS_HDFS_AUTH where the server issues none. */
export async function getToken(nodes: NameNodes, options: StoreOptions): Promise<DelegationToken> {
  const call = tokenCall(nodes, 'GET', 'GETDELEGATIONTOKEN', {});
  const answer = await nodes.call(call, options, (each) => jsonOf(call, each));
  const Token = answer['Token'] as { readonly urlString?: unknown } | null | undefined;
  const born = performance.now();
  const text = Token?.urlString;
  if (typeof text !== 'string' || text === '') {
    throw new AtlasError(
      'ATLAS_HDFS_AUTH',
      `connection ${nodes.plan.name}: the server issues no delegation token: it does not sign users in`,
      { hint: 'Remove kerberos from the connection if the cluster is not secured; else ask why its WebHDFS is not.' },
    );
  }
  withhold(text);
  const facts = tokenFacts(text);
  return {
    text,
    born,
    dies: facts === null ? null : born + facts.maxDate - facts.issueDate,
    ahead: (facts?.issueDate ?? Date.now()) - born,
  };
}

/** Renews it, which keeps its text; answers until when it is good, by this process's clock. */
export async function renewToken(
  nodes: NameNodes,
  { text, ahead }: DelegationToken,
  options: StoreOptions,
): Promise<number> {
  const call = tokenCall(nodes, 'PUT', 'RENEWDELEGATIONTOKEN', { token: text });
  const { long } = await nodes.call(call, options, (each) => jsonOf(call, each));
  if (typeof long === 'number') return long - ahead;
  throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${call.path}: a number was expected`);
}

/** Ends it. `nodes` must present the token itself, which needs no ticket any more. */
export async function cancelToken(nodes: NameNodes, token: string, options: StoreOptions): Promise<void> {
  await nodes.call(tokenCall(nodes, 'PUT', 'CANCELDELEGATIONTOKEN', { token }), options, () => undefined);
}

function tokenCall(nodes: NameNodes, method: Call['method'], op: string, parameters: Call['parameters'] & {}): Call {
  return { method, op, path: `hdfs://${nodes.plan.name}`, parameters, repeatable: true };
}
