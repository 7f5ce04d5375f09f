import { Agent, type AgentOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What goes wrong with a connection before it stands: whatever was to be sent through it was not. */
export class NoConnection {
  readonly #errors = new WeakSet<Error>();

  /** Whether an error is one of those. */
  has(error: unknown): boolean {
    return error instanceof Error && this.#errors.has(error);
  }

  /** Watches a socket until it stands, `limit` milliseconds at most. */
  watch(socket: Socket, ready: 'connect' | 'secureConnect', limit: number): void {
    const early = (error: Error): void => void this.#errors.add(error);
    const timer = setTimeout(() => {
      const late = Object.assign(new Error(`no connection in ${limit} ms`), { code: 'ETIMEDOUT' });
      socket.destroy(late);
    }, limit);
    const over = (): void => {
      clearTimeout(timer);
      socket.off('error', early);
    };
    socket.prependListener('error', early);
    socket.once(ready, over);
    socket.once('close', over);
  }
}

type Connect = (options: object, ready?: (error: Error | null, socket: Duplex) => void) => Duplex | null | undefined;

/** An agent that keeps connections, and gives up on those that do not stand in time. `tls`: null = plain. */
export function connectingAgent(
  tls: (AgentOptions & { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }) | null,
  limit: number,
  early: NoConnection,
): Agent {
  const agent = tls === null ? new Agent({ keepAlive: true }) : new SecureAgent({ keepAlive: true, ...tls });
  const connect = (agent.createConnection as Connect).bind(agent);
  agent.createConnection = ((options, ready) => {
    const socket = connect(options, ready);
    if (socket) early.watch(socket as Socket, tls === null ? 'connect' : 'secureConnect', limit);
    return socket;
  }) as typeof agent.createConnection;
  return agent;
}
