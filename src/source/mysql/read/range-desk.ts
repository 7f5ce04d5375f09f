import { AtlasError } from '../../../errors.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { type RowQuery, RowStream } from '../connection/row-stream.ts';
import type { MysqlSlice } from '../mysql-slice.ts';
import type { Sql } from '../sql/sql.ts';
import type { DeskOptions, RowDesk, TaskRows } from './task-rows.ts';

/** Several connections that see the same: each task is read by one that is free. */
export class RangeDesk implements RowDesk {
  readonly #sessions: readonly MysqlSession[];
  readonly #free: MysqlSession[];
  readonly #queryOf: (condition: Sql) => RowQuery;
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<MysqlSession>();
  #closed = false;

  /** `queryOf`: the rows of one condition. */
  constructor(sessions: readonly MysqlSession[], queryOf: (condition: Sql) => RowQuery) {
    this.#sessions = sessions;
    this.#free = [...sessions];
    this.#queryOf = queryOf;
  }

  async open(slice: MysqlSlice, { signal }: DeskOptions): Promise<TaskRows> {
    if (slice.kind !== 'rows') throw new AtlasError('ATLAS_INTERNAL', 'the task is no range of a key');
    const session = await this.#session(signal);
    let stream: RowStream;
    try {
      this.#running.add(session);
      stream = await RowStream.open(session, this.#queryOf(slice.condition), { signal });
    } catch (error) {
      this.#release(session);
      throw error;
    }
    let open = true;
    const end = (): void => {
      if (open) this.#release(session);
      open = false;
    };
    return {
      sequence: stream.sequence,
      get ready() {
        return open ? stream.ready : undefined;
      },
      next: async (options) => {
        if (!open) return null;
        try {
          const part = await stream.next(options);
          if (Buffer.isBuffer(part)) return part;
          end();
          return null;
        } catch (error) {
          end();
          throw error;
        }
      },
      leave: async () => {
        if (!open) return;
        await stream.leave();
        end();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all(
      this.#sessions.map((session) =>
        this.#running.has(session) && !session.destroyed ? session.kill() : session[Symbol.asyncDispose](),
      ),
    );
  }

  async #session(signal: AbortSignal): Promise<MysqlSession> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#closed) throw new AtlasError('ATLAS_INTERNAL', 'the source is closed');
      const session = this.#free.shift();
      // a session that was lost has lost its snapshot: it cannot be made again
      if (session !== undefined && !session.destroyed) return session;
      if (session === undefined && this.#sessions.every(({ destroyed }) => destroyed)) {
        throw new AtlasError('ATLAS_DB_LOST', 'all connections were lost, and their snapshot with them');
      }
      if (session === undefined) await this.#news(signal);
    }
  }

  async #news(signal: AbortSignal): Promise<void> {
    let wake = (): void => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
    signal.removeEventListener('abort', wake);
  }

  #release(session: MysqlSession): void {
    this.#running.delete(session);
    this.#free.push(session);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
