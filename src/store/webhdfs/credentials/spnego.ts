import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromSpnego, ToSpnego } from './spnego-message.ts';

/** The compiled process, from the build and from the sources under test alike. */
const ENTRY = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts')
      ? '../../../../dist/store/webhdfs/credentials/spnego-process.js'
      : './spnego-process.js',
    import.meta.url,
  ),
);

/** Whose ticket, for which service. */
export interface SpnegoOrder {
  /** `HTTP@nn1.example.org`. */
  readonly service: string;
  readonly principal: string | null;
  /** Absolute path, or null. */
  readonly keytab: string | null;
  /** As `KRB5CCNAME` is written, or null for what the environment says. */
  readonly ticketCache: string | null;
}

/** Why there is no ticket: in the words of the libraries, which hold no secret. */
export class NoTicket extends Error {
  readonly kind: 'missing' | 'broken' | 'failed';
  constructor(kind: 'missing' | 'broken' | 'failed', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** One sign-in to one server, by a process of its own; see `spnego-process.ts`. Dispose it when the server has answered. */
export class Spnego implements AsyncDisposable {
  /** What follows `Negotiate `: secret. */
  readonly token: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, token: string) {
    this.#child = child;
    this.token = token;
  }

  /** Gets a ticket for the service. Fails with NoTicket, or as the signal does. */
  static async begin(order: SpnegoOrder, signal: AbortSignal): Promise<Spnego> {
    signal.throwIfAborted();
    const { service, principal } = order;
    const env = environmentOf(order);
    // Nothing stands in its arguments: everybody may read those.
    const child = fork(ENTRY, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    try {
      const answer = await ask(child, { type: 'begin', service, principal }, signal);
      if (answer.type === 'token') return new Spnego(child, answer.token);
      throw answer.type === 'verified'
        ? new NoTicket('failed', 'out of turn')
        : new NoTicket(answer.type, answer.reason);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Proves that the server is who it says it is: it could read our ticket. Fails with NoTicket. */
  async verify(challenge: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(this.#child, { type: 'verify', challenge }, signal);
    if (answer.type !== 'verified') throw new NoTicket('failed', 'reason' in answer ? answer.reason : 'out of turn');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
  }
}

/** With a keytab: tickets live and die with the process, so that none is ever stale, and no other cache is touched. */
function environmentOf({ keytab, ticketCache }: SpnegoOrder): NodeJS.ProcessEnv {
  if (keytab !== null)
    return { ...process.env, KRB5_CLIENT_KTNAME: `FILE:${keytab}`, KRB5CCNAME: 'MEMORY:atlas-ingest' };
  return ticketCache === null ? process.env : { ...process.env, KRB5CCNAME: ticketCache };
}

function ask(child: ChildProcess, message: ToSpnego, signal: AbortSignal): Promise<FromSpnego> {
  return new Promise((resolve, reject) => {
    const over = (settle: () => void): void => {
      child.off('message', hear).off('error', fail).off('exit', gone);
      signal.removeEventListener('abort', stop);
      settle();
    };
    const hear = (answer: unknown): void => over(() => resolve(answer as FromSpnego));
    const fail = (error: Error): void => over(() => reject(new NoTicket('broken', error.message)));
    const gone = (code: number | null, by: string | null): void =>
      over(() => reject(new NoTicket('broken', `the process that signs in ended with ${by ?? code}`)));
    const stop = (): void => over(() => reject(signal.reason));
    child.on('message', hear).on('error', fail).on('exit', gone);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    else child.send(message, (error) => error && fail(error));
  });
}
