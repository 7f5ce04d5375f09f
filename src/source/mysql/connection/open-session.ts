import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../../../errors.ts';
import type { MysqlConnection } from '../../../flow/connections.ts';
import type { Abortable } from '../../../flow/source.ts';
import { MysqlSession } from './mysql-session.ts';

const FIRST_WAIT_MS = 200;
const MOST_WAIT_MS = 10_000;

/**
 * Connects, as often as the connection allows, with pauses that double, half of each by chance. Fails with ATLAS_DB_UNREACHABLE or
 * ATLAS_DB_BUSY where no attempt got through, and at once where another would not help.
 */
export function openSession(connection: MysqlConnection, options: Abortable): Promise<MysqlSession> {
  return retryBusy(connection, options, () => MysqlSession.open(connection, options));
}

/** Does what may fail because a server is away for a moment, and of which nothing is left where it fails. */
export async function retryBusy<T>(
  { attempts }: MysqlConnection,
  { signal }: Abortable,
  action: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AtlasError && error.retryable)) throw error;
      if (attempt >= attempts) throw attempt === 1 ? error : afterAll(error, attempt);
    }
    const bound = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    await sleep((bound * (1 + Math.random())) / 2, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }
}

function afterAll(error: AtlasError, attempts: number): AtlasError {
  const { code, message, place, hint } = error;
  return new AtlasError(code, `${message}; ${attempts} attempts`, { cause: error.cause, place, hint });
}
