import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { intentionOf, receiptOf, runRecord } from '../conformance/ledger/describe-ledger.ts';

const LEDGER = new URL('../../dist/ledger/sqlite-ledger.js', import.meta.url).href;
const Sqlite = createRequire(import.meta.url)('libsql') as typeof import('libsql');

async function bed() {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-ledger-'));
  const path = join(folder, 'state', 'ledger.sqlite');
  return {
    path,
    open: () => openSqliteLedger(path),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs a script against a ledger in a process of its own. */
function inProcess(path: string, script: string): Promise<{ code: number | null; signal: string | null; out: string }> {
  const text = `import { openSqliteLedger } from ${JSON.stringify(LEDGER)};
    const ledger = await openSqliteLedger(${JSON.stringify(path)});
    const intention = (run) => ({ ...${JSON.stringify(intentionOf('r'))}, id: run + '/daily', run });
    ${script}`;
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, out }));
  });
}

describe('the SQLite ledger', () => {
  let it1: Awaited<ReturnType<typeof bed>>;
  beforeEach(async () => {
    it1 = await bed();
  });
  afterEach(() => it1[Symbol.asyncDispose]());

  it('is for its owner only', async () => {
    await using ledger = await it1.open();
    await ledger.beginRun(runRecord('r1'));
    for (const suffix of ['', '-wal', '-shm']) expect((await stat(it1.path + suffix)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(it1.path))).mode & 0o777).toBe(0o700);
  });

  it('keeps what was promised before a kill, and nothing of what was not', async () => {
    const killed = await inProcess(
      it1.path,
      `await ledger.intend(intention('r1'));
       process.stdout.write('intended');
       ledger.intend(intention('r2'));
       process.kill(process.pid, 'SIGKILL');`,
    );
    expect(killed).toMatchObject({ signal: 'SIGKILL', out: 'intended' });
    await using ledger = await it1.open();
    const runs = (await ledger.pending('/out/daily.parquet')).map(({ run }) => run);
    expect(runs[0]).toBe('r1');
    await ledger.settle('r1/daily', receiptOf('r1', 'daily'));
    expect(await ledger.receipts('r1')).toHaveLength(1);
  });

  it('several processes write at once and none is turned away', async () => {
    const write = (name: string) =>
      inProcess(it1.path, `for (let n = 0; n < 40; n++) await ledger.intend(intention('${name}' + n));`);
    const ended = await Promise.all(['a', 'b', 'c'].map(write));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    await using ledger = await it1.open();
    expect(await ledger.pending('/out/daily.parquet')).toHaveLength(120);
  });

  it('refuses the ledger of a newer version, and leaves it alone', async () => {
    await (await it1.open())[Symbol.asyncDispose]();
    const raw = new Sqlite(it1.path);
    raw.exec('UPDATE schema_version SET version = 999');
    raw.close();
    await expect(it1.open()).rejects.toMatchObject({
      code: 'ATLAS_LEDGER_VERSION',
      message: expect.stringMatching(/version 999, this program knows \d/),
    });
  });

  it('says that a file is no ledger, and where', async () => {
    await mkdir(dirname(it1.path));
    await writeFile(it1.path, 'this is no database, and long enough for SQLite to look at its first page'.repeat(100));
    await expect(it1.open()).rejects.toMatchObject({ code: 'ATLAS_LEDGER_UNAVAILABLE', place: { file: it1.path } });
  });

  it('says that its folder cannot be made', async () => {
    await expect(openSqliteLedger('/proc/nowhere/ledger.sqlite')).rejects.toMatchObject({
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      cause: expect.anything(),
    });
  });
});
