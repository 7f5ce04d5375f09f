import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClickhouseServer } from '../../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openClickhouse } from '../../../../src/sink/clickhouse/server/open-clickhouse.ts';
import { arrowMessages } from './arrow-messages.ts';
import { clickhouseConnection } from './clickhouse-connection.ts';

const { signal } = new AbortController();
const waiting = { signal };
const DIST = new URL('../../../../dist/', import.meta.url).pathname;

const open = (folder: string, database: string | null = null): Promise<ClickhouseServer> =>
  openClickhouse(clickhouseConnection({ folder, database }), waiting);
const pidOf = (folder: string): number =>
  Number(/PID: (\d+)/.exec(readFileSync(join(folder, 'status'), 'latin1'))?.[1]);
const isGone = (pid: number): boolean => !existsSync(`/proc/${pid}`);

async function makeTable(server: ClickhouseServer): Promise<void> {
  await server.command({ sql: 'CREATE TABLE t (a Int64, b String) ENGINE = MergeTree ORDER BY a' }, waiting);
}

async function countOf(server: ClickhouseServer): Promise<unknown> {
  const [row] = await server.query({ sql: 'SELECT count() AS n FROM t' }, waiting);
  return row?.['n'];
}

describe('the process of the embedded engine', () => {
  const home = mkdtempSync(join(tmpdir(), 'atlas-engine-'));
  let last = 0;
  const newFolder = (): string => {
    last += 1;
    return join(home, `data ${last}`);
  };
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('is the only one over a folder; who has it is named, and leaves it to the next', async () => {
    const folder = newFolder();
    const first = await open(folder);
    const pid = pidOf(folder);
    const second = open(folder);
    await expect(second).rejects.toMatchObject({
      code: 'ATLAS_CH_ENGINE_LOCKED',
      exit: 4,
      message: `${folder} is open in process ${pid}`,
    });
    await makeTable(first);
    await first[Symbol.asyncDispose]();
    expect(isGone(pid)).toBe(true);
    await using third = await open(folder);
    expect(await countOf(third)).toBe('0');
  });

  it('is waited for where it is just leaving', async () => {
    const folder = newFolder();
    const first = await open(folder);
    const [, second] = await Promise.all([first[Symbol.asyncDispose](), open(folder)]);
    await second[Symbol.asyncDispose]();
  });

  it('is found dead where it was killed: statements fail, the next start has what was whole', async () => {
    const folder = newFolder();
    const server = await open(folder);
    await makeTable(server);
    const whole = await server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, waiting);
    for (const message of arrowMessages([1, 2, 3])) await whole.write(message);
    await whole.end();
    const cut = await server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, waiting);
    for (const message of arrowMessages([4, 5, 6])) await cut.write(message);
    const asked = server.query({ sql: 'SELECT sum(sleepEachRow(0.1)) FROM numbers(100)' }, waiting);
    const died = { code: 'ATLAS_CH_ENGINE_DIED', exit: 75, message: expect.stringContaining('SIGKILL') };
    const refused = expect(asked).rejects.toMatchObject(died);
    process.kill(pidOf(folder), 'SIGKILL');
    await refused;
    await expect(cut.end()).rejects.toMatchObject(died);
    await expect(server.command({ sql: 'SELECT 1' }, waiting)).rejects.toMatchObject(died);
    await expect(server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, waiting)).rejects.toMatchObject(
      died,
    );
    await cut.abort(new Error('it died'));
    await server[Symbol.asyncDispose]();
    await using again = await open(folder);
    expect(await countOf(again)).toBe('3');
  });

  it('is found dead by whoever waits for room in the body', async () => {
    const folder = newFolder();
    const server = await open(folder);
    await makeTable(server);
    const insert = await server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, waiting);
    process.kill(pidOf(folder), 'SIGSTOP');
    const stuck = expect(insert.write(Buffer.alloc(10_000_000))).rejects.toMatchObject({
      code: 'ATLAS_CH_ENGINE_DIED',
    });
    process.kill(pidOf(folder), 'SIGKILL');
    await stuck;
    await server[Symbol.asyncDispose]();
  });

  it.each([3, 4])('drops what a run had written that was killed after %i messages', async (count) => {
    const folder = newFolder();
    const setUp = await open(folder);
    await makeTable(setUp);
    await setUp[Symbol.asyncDispose]();
    const body = join(home, `body ${count}`);
    writeFileSync(body, Buffer.concat(arrowMessages([1, 2], [3, 4]).slice(0, count)));
    const connection = clickhouseConnection({ folder });
    const program = `
      import { readFileSync } from 'node:fs';
      import { openClickhouse } from ${JSON.stringify(`${DIST}sink/clickhouse/server/open-clickhouse.js`)};
      const { signal } = new AbortController();
      const server = await openClickhouse(${JSON.stringify(connection)}, { signal });
      const insert = await server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, { signal });
      await insert.write(readFileSync(${JSON.stringify(body)}));
      process.stdout.write('written');
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => run.stdout.once('data', resolve));
    run.kill('SIGKILL');
    await new Promise((resolve) => run.once('close', resolve));
    await using again = await open(folder); // which waits until the engine has left
    expect(await countOf(again)).toBe('0');
  });

  it('lets the run decide what a signal to all of them means', async () => {
    const folder = newFolder();
    await using server = await open(folder);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pidOf(folder), name);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await server.query({ sql: 'SELECT 1 AS one' }, waiting)).toEqual([{ one: 1 }]);
  });

  it('keeps bodies from other users, and leaves nothing behind', async () => {
    const folder = newFolder();
    const server = await open(folder);
    const fifos = join(folder, 'atlas-fifos');
    expect(statSync(fifos).mode & 0o777).toBe(0o700);
    const [name] = readdirSync(fifos);
    expect(statSync(join(fifos, name as string)).isFIFO()).toBe(true);
    await server[Symbol.asyncDispose]();
    expect(existsSync(fifos)).toBe(false);
  });

  it('refuses a database whose tables cannot be exchanged', async () => {
    await expect(open(newFolder(), 'default')).rejects.toMatchObject({ code: 'ATLAS_CH_ATOMIC' });
  });

  it('says so where its folder cannot be made, or is none', async () => {
    const file = join(home, 'a file');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'data')]) {
      await expect(open(folder)).rejects.toMatchObject({
        code: 'ATLAS_STORE_WRITE',
        message: expect.stringContaining(folder),
      });
    }
  });

  it('says how it is installed where it is not', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'atlas-dist-'));
    cpSync(DIST, join(copy, 'dist'), { recursive: true, filter: (path) => !/\.(map|d\.ts)$|bundle|kernel/.test(path) });
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    chmodSync(copy, 0o700);
    const program = `
      import { openClickhouse } from ${JSON.stringify(join(copy, 'dist/sink/clickhouse/server/open-clickhouse.js'))};
      const connection = ${JSON.stringify(clickhouseConnection({ folder: newFolder() }))};
      const error = await openClickhouse(connection, new AbortController()).catch((reason) => reason);
      process.stdout.write(error.code + ' ' + error.hint);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: copy,
    });
    expect(stdout).toMatch(/^ATLAS_CH_ENGINE_MISSING .*npm install chdb@3\.4\.0/);
    rmSync(copy, { recursive: true, force: true });
  });
});
