import { type Step, tellStep } from '../../examine/tell-step.ts';
import type { WebHdfsConnection } from '../read-plan.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { examineClock } from './examine-clock.ts';
import { examineHost } from './examine-host.ts';
import { examineLogin } from './examine-login.ts';
import { examinePort } from './examine-port.ts';
import { examineProtocol } from './examine-protocol.ts';
import { examineState, type State } from './examine-state.ts';
import { examineTls } from './examine-tls.ts';
import { identificationOf, openNodes } from './open-nodes.ts';

/** What is known of one NameNode or gateway. */
export interface Server {
  readonly url: string;
  /** With its port. */
  readonly host: string;
  /** null where it cannot be worked with. */
  readonly state: State | null;
  /** Whom it takes us for. */
  readonly user: string | null;
}

/** Tries the only server of a plan, from its name to what it does for the cluster; stops at the first step that fails. */
export async function* examineServer(
  connection: WebHdfsConnection,
  plan: WebHdfsPlan,
  signal: AbortSignal,
): AsyncGenerator<Step, Server> {
  const how = identificationOf(connection);
  const url = plan.urls[0] ?? '';
  const base = new URL(url);
  const { host } = base;
  const { connect } = plan.limits;
  const broken: Server = { url, host, state: null, user: null };
  const known = yield* tellStep(host, 'host', () => examineHost(base, connect, signal), signal);
  if (known === null) return broken;
  const open = yield* tellStep(host, 'port', () => examinePort(base, connect, signal), signal);
  if (open === null) return broken;
  if (base.protocol === 'https:') {
    const trusted = yield* tellStep(host, 'tls', () => examineTls(base, plan, signal), signal);
    if (trusted === null) return broken;
  }
  const stranger = { ...plan, user: how === 'name' ? plan.user : null };
  const spoken = yield* tellStep(host, 'webhdfs', () => examineProtocol(base, stranger, signal), signal);
  if (spoken === null) return broken;
  const clock = examineClock(host, spoken.ahead);
  if (clock !== null) yield { server: host, step: 'clock', finding: clock.finding };
  await using opened = await openNodes(connection, plan);
  const { nodes } = opened;
  let refused = false;
  const login = tellStep(host, 'login', () => examineLogin(nodes, how, signal), signal);
  let user: string | null = null;
  for (;;) {
    const next = await login.next();
    if (next.done) {
      user = next.value;
      break;
    }
    refused = next.value.finding?.outcome === 'failed';
    yield next.value;
  }
  if (refused) return broken;
  const state = yield* tellStep(host, 'state', () => examineState(nodes, signal), signal);
  return { url, host, state, user };
}
