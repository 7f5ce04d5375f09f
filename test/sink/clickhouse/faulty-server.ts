import { AtlasError } from '../../../src/errors.ts';
import type { ClickhouseServer, Insert } from '../../../src/sink/clickhouse/server/clickhouse-server.ts';

/**
 * What becomes of a statement that changes something: it is carried out, or refused; or its answer is lost, and it is carried out now,
 * later or never.
 */
export type Fault = 'none' | 'refuse' | 'lost-done' | 'lost-late' | 'lost-never';

/** A statement that changes something, in the order in which they are sent. */
export interface Sent {
  readonly index: number;
  readonly sql: string;
}

/** Asked before each of them and after those that were carried out; may throw, as one who is dead. */
export interface Harm {
  before(sent: Sent): Fault | Promise<Fault>;
  after?(sent: Sent): void;
}

/** A server that harms what passes. */
export class FaultyServer implements ClickhouseServer {
  readonly sent: Sent[] = [];
  readonly #server: ClickhouseServer;
  readonly #harm: Harm;
  readonly #late: (() => Promise<unknown>)[] = [];
  readonly #open = new Set<Insert>();

  constructor(server: ClickhouseServer, harm: Harm) {
    this.#server = server;
    this.#harm = harm;
  }

  get name(): string {
    return this.#server.name;
  }

  get embedded(): boolean {
    return this.#server.embedded;
  }

  get database(): string {
    return this.#server.database;
  }

  ask(...given: Parameters<ClickhouseServer['ask']>): ReturnType<ClickhouseServer['ask']> {
    return this.#server.ask(...given);
  }

  query(...given: Parameters<ClickhouseServer['query']>): ReturnType<ClickhouseServer['query']> {
    return this.#server.query(...given);
  }

  command(...given: Parameters<ClickhouseServer['command']>): Promise<void> {
    const work = (): Promise<void> => this.#server.command(...given);
    return this.#step(given[0].sql, work, async (fault) => {
      if (fault === 'lost-late') this.#late.push(work);
    });
  }

  async insert(...given: Parameters<ClickhouseServer['insert']>): Promise<Insert> {
    const insert = await this.#server.insert(...given);
    this.#open.add(insert);
    const over = async (work: () => Promise<void>): Promise<void> => {
      this.#open.delete(insert);
      await work();
    };
    const abort = (reason: unknown): Promise<void> => over(() => insert.abort(reason));
    return {
      write: (bytes) => insert.write(bytes),
      end: () =>
        this.#step(
          given[0].sql,
          () => over(() => insert.end()),
          async () => {
            await abort('never to come');
            // the embedded engine lists a statement that was cancelled for as long as another is under way: it cannot be waited for
            throw new AtlasError('ATLAS_CH_STATEMENT', 'its end never came');
          },
        ),
      abort,
    };
  }

  /** What was sent and has not arrived yet is carried out now, in order; the answers are nobody's. */
  async arrive(): Promise<void> {
    for (const work of this.#late.splice(0)) await work().catch(() => undefined);
  }

  /** Ends what is open, as the death of a process does. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const insert of this.#open) await insert.abort('its process died');
    this.#open.clear();
  }

  async #step(sql: string, work: () => Promise<void>, lose: (fault: Fault) => Promise<void>): Promise<void> {
    const sent = { index: this.sent.length, sql };
    this.sent.push(sent);
    const fault = await this.#harm.before(sent);
    if (fault === 'refuse') throw new AtlasError('ATLAS_CH_STATEMENT', 'refused for a test');
    if (fault === 'none' || fault === 'lost-done') await work();
    else await lose(fault);
    if (fault !== 'none') throw new AtlasError('ATLAS_CH_LOST', 'lost for a test');
    this.#harm.after?.(sent);
  }
}
