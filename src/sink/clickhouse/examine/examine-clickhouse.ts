import { existsSync } from 'node:fs';
import { AtlasError } from '../../../errors.ts';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import type { ExaminationOptions, ExaminationStep } from '../../../flow/examination.ts';
import { type Found, failed, untold, well } from '../../../store/examine/finding.ts';
import { tellStep } from '../../../store/examine/tell-step.ts';
import type { ClickhouseServer } from '../server/clickhouse-server.ts';
import { openClickhouse } from '../server/open-clickhouse.ts';
import { type ServerAddress, serverAddress } from '../server/server-address.ts';
import { flyCanary } from './canary.ts';
import { examineAddress } from './examine-address.ts';
import { examineGrants } from './examine-grants.ts';
import { examineLimits, examineSpace } from './examine-limits.ts';
import { examineDatabase, examineTarget, targetName } from './examine-target.ts';

/**
 * Tries a ClickHouse step by step: the way to it, who we are there, its databases, grants, limits and disks, the tables that are loaded; and
 * with tables of its own, which it removes, what a load does.
 */
export async function* examineClickhouse(
  connection: ClickhouseConnection,
  options: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  const { signal, write } = options;
  if (connection.folder !== null && !write && !existsSync(connection.folder)) {
    const message = `${connection.folder} is not there yet: the first load makes it`;
    yield* tellStep(null, 'engine', async () => untold(message), signal);
    return;
  }
  const reached = connection.folder === null ? yield* reach(connection, signal) : connection;
  if (reached === null) return;
  const opened = await openClickhouse({ ...reached, attempts: 1 }, { signal }).then(
    (server) => ({ server, error: null }),
    (error: unknown) => ({ server: null, error }),
  );
  signal.throwIfAborted();
  if (opened.server === null && !(opened.error instanceof AtlasError)) throw opened.error;
  await using server = opened.server;
  const step = connection.folder === null ? 'login' : 'engine';
  const user = yield* tellStep(null, step, () => examineLogin(server, opened.error, signal), signal);
  if (server === null || user === null) return;
  yield* examineServer(server, user, options);
}

/** Tries the ways to a server; answers the connection with what can be reached, or null. */
async function* reach(
  connection: ClickhouseConnection,
  signal: AbortSignal,
): AsyncGenerator<ExaminationStep, ClickhouseConnection | null> {
  let address: ServerAddress;
  try {
    address = serverAddress(connection, process.env);
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    const { code, message, hint } = error;
    yield* tellStep(null, 'url', async () => failed(code, message, hint), signal);
    return null;
  }
  const urls: string[] = [];
  for (const url of address.urls) if (yield* examineAddress(url, connection, signal)) urls.push(String(url));
  if (urls.length === 0) return null;
  const { user, password, database } = address;
  return { ...connection, urls, user, password, database, plaintext: true };
}

async function examineLogin(
  server: ClickhouseServer | null,
  error: unknown,
  signal: AbortSignal,
): Promise<Found<string>> {
  if (server === null) throw error;
  const [row] = await server.query({ sql: 'SELECT version() AS version, currentUser() AS user' }, { signal });
  const user = String(row?.['user']);
  if (server.embedded) return well(`${server.name}: ClickHouse ${row?.['version']}`, user);
  return well(`signed in to ${server.name} as ${user}, ClickHouse ${row?.['version']}`, user);
}

async function* examineServer(
  server: ClickhouseServer,
  user: string,
  { targets, write, run, signal }: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  const waiting = { signal };
  const open = targets.filter((target) => target.includes('{{'));
  const tables = targets
    .filter((target) => !target.includes('{{'))
    .map((target) => targetName(target, server.database));
  const databases = [...new Set([server.database, ...tables.map(({ database }) => database)])];
  let isAtomic = true;
  for (const database of databases) {
    const atomic = yield* tellStep(null, 'database', () => examineDatabase(server, database, waiting), signal);
    isAtomic &&= atomic !== null || database !== server.database;
  }
  if (!server.embedded) yield* tellStep(null, 'grants', () => examineGrants(server, user, databases, waiting), signal);
  yield* tellStep(null, 'limits', () => examineLimits(server, waiting), signal);
  yield* tellStep(null, 'space', () => examineSpace(server, waiting), signal);
  for (const table of tables) yield* tellStep(null, 'table', () => examineTarget(server, table, waiting), signal);
  for (const target of open) {
    yield* tellStep(null, 'table', async () => untold(`${target} is named by a run variable: plan tries it`), signal);
  }
  const canary = async (): Promise<Found<true>> => {
    if (!write) return untold('nothing is written: no table was made');
    return isAtomic ? await flyCanary(server, run, waiting) : untold('its tables could not be exchanged');
  };
  yield* tellStep(null, 'canary', canary, signal);
}
