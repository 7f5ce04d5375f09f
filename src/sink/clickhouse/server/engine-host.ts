import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoteClickhouseName } from '../../../metadata/quote-clickhouse-name.ts';
import type { FromEngine, ToEngine } from './engine-message.ts';
import { FifoShelf } from './fifo-shelf.ts';
import { quoteText } from './quote-text.ts';
import { ANSWER_FORMAT } from './read-answer.ts';

// The entry of the process that holds the embedded engine: it may die alone, its memory is apart, and nobody waits for its calls.

/** The part of chdb's session that is used. */
interface Session {
  query(sql: string, format: string): string;
  queryAsync(sql: string, options: { readonly format: string }): Promise<{ bytes(): Uint8Array }>;
  close(): void;
}

/** How long whoever had the folder before may take to leave. */
const PATIENCE_MS = 2_500;
const NUDGE_MS = 10;

let [folder, database] = ['', ''];
let SessionOf: (new (path: string) => Session) | null = null;
let keeper: Session | null = null;
let shelf: FifoShelf | null = null;
/** Statements under way. */
const running = new Map<number, Running>();

interface Running {
  readonly comment: string;
  settled: boolean;
  done: boolean;
  /** Of an insert: what keeps its FIFO from ending. */
  hold: number | null;
  path: string | null;
}

// The parent decides: it ends this process, or ends itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Where it is gone nothing may be finished: a body that breaks off would look as if it had ended.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToEngine) => {
  if (message.type === 'open') void open(message.folder, message.database);
  else if (message.type === 'run') void run(message);
  else if (message.type === 'insert') void insert(message);
  else if (message.type === 'end') void end(message.id);
  else if (message.type === 'stop') void stop(message.id);
  else close();
});

function tell(message: FromEngine): void {
  process.send?.(message);
}

async function open(path: string, name: string): Promise<void> {
  [folder, database] = [path, name];
  try {
    ({ Session: SessionOf } = createRequire(import.meta.url)('chdb') as { Session: new (path: string) => Session });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && /'chdb'/.test(textOf(error));
    tell(missing ? { type: 'missing' } : { type: 'broken', reason: textOf(error) });
    return;
  }
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      keeper = new SessionOf(folder);
      keeper.query(`CREATE DATABASE IF NOT EXISTS ${quoteClickhouseName(database)} ENGINE = Atomic`, 'Null');
      shelf = new FifoShelf(join(folder, 'atlas-fifos'));
      return tell({ type: 'opened' });
    } catch (error) {
      if (keeper !== null || Date.now() > until) return tell({ type: 'broken', reason: textOf(error) });
      await sleep(100);
    }
  }
}

async function run({ id, sql, session, comment }: Extract<ToEngine, { type: 'run' }>): Promise<void> {
  running.set(id, { comment, settled: false, done: false, hold: null, path: null });
  await carryOut(id, session, sql);
}

async function insert({ id, sql, format, session, comment }: Extract<ToEngine, { type: 'insert' }>): Promise<void> {
  const statement: Running = { comment, settled: false, done: false, hold: null, path: null };
  running.set(id, statement);
  try {
    statement.path = await (shelf as FifoShelf).take();
    // open for reading and writing it never blocks, and the engine sees no end before `end`
    statement.hold = openSync(statement.path, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    running.delete(id);
    return tell({ type: 'failed', id, reason: `no FIFO could be made: ${textOf(error)}` });
  }
  tell({ type: 'feed', id, path: statement.path });
  await carryOut(id, session, `${sql} SELECT * FROM file(${quoteText(statement.path)}, ${quoteText(format)})`);
}

/** Each statement has a session of its own: settings and parameters of one never meet another. */
async function carryOut(id: number, before: readonly string[], sql: string): Promise<void> {
  const statement = running.get(id) as Running;
  let session: Session | null = null;
  try {
    session = new (SessionOf as new (path: string) => Session)(folder);
    session.query(`USE ${quoteClickhouseName(database)}`, 'Null');
    for (const each of before) session.query(each, 'Null');
    const answer = await session.queryAsync(sql, { format: ANSWER_FORMAT });
    tell({ type: 'done', id, bytes: answer.bytes() });
    statement.done = true;
  } catch (error) {
    tell({ type: 'failed', id, reason: textOf(error) });
  } finally {
    statement.settled = true;
    running.delete(id);
    release(statement);
    session?.close();
  }
}

function release(statement: Running): void {
  if (statement.hold !== null) closeSync(statement.hold);
  statement.hold = null;
}

async function end(id: number): Promise<void> {
  const statement = running.get(id);
  if (statement !== undefined) await letEnd(statement);
}

/**
 * Lets the engine see the end of what was written. Where it has not opened the FIFO yet, it would wait for a writer for ever, and what was
 * written would be gone with the last who has it open: so it is kept open for reading, and a writer comes and goes until all is read.
 */
async function letEnd(statement: Running): Promise<void> {
  const { path, hold } = statement;
  if (path === null || hold === null) return;
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  statement.hold = null;
  closeSync(hold);
  try {
    while (!statement.settled) {
      await sleep(NUDGE_MS);
      if (!statement.settled) closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    }
  } finally {
    closeSync(reader);
  }
  // the writer closed it before it said so: now nobody has it open, and nothing is left in it
  if (statement.done) shelf?.give(path);
}

/** No message of Arrow, and no page of Parquet. */
const GARBAGE = Buffer.alloc(64, 0x5a);

/** Cancels a statement; a body that is cut off ends only after that. */
async function stop(id: number): Promise<void> {
  const statement = running.get(id);
  if (statement === undefined || keeper === null) return;
  const kill = `KILL QUERY WHERE Settings['log_comment'] = ${quoteText(statement.comment)} ASYNC`;
  const until = Date.now() + PATIENCE_MS;
  for (let isKilled = false; !isKilled && !statement.settled; ) {
    const killed = await keeper.queryAsync(kill, { format: 'TSV' }).catch(() => null);
    isKilled = killed !== null && killed.bytes().length > 0;
    if (!isKilled) await sleep(NUDGE_MS);
    // it has not begun and may begin at any time: what was written so far must not be taken for the whole
    if (Date.now() > until && statement.hold !== null) process.kill(process.pid, 'SIGKILL');
    else if (Date.now() > until) return;
  }
  if (statement.settled || statement.hold === null) return;
  try {
    writeSync(statement.hold, GARBAGE);
  } catch {
    // the FIFO is full: the body ends in the middle of a message
  }
  await letEnd(statement);
}

function close(): void {
  shelf?.[Symbol.dispose]();
  keeper?.close();
  process.exit(0);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
