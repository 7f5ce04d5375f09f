import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { type ClickhouseDatabase, makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';
import type { Clickhouse } from '../services/clickhouse/shared-clickhouse.ts';
import { cli, type Ended } from './cli.ts';

const AS_CLI = fileURLToPath(new URL('../../bin/as-cli.js', import.meta.url));

/** The fields of each line on standard output. */
function linesOf({ stdout }: Ended): readonly Readonly<Record<string, string>>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      Object.fromEntries(line.split('\t').map((field) => [field.split('=', 1)[0], field.replace(/^[^=]*=/, '')])),
    );
}

describeWithClickhouse('ingest records into a server', (clickhouse) => {
  const home = mkdtempSync(join(tmpdir(), 'atlas-records-'));
  let database: ClickhouseDatabase;
  const file = (name: string, text: string): string => {
    const path = join(home, name);
    writeFileSync(path, text);
    return path;
  };
  /** `host`: each has a state folder of its own. */
  const records = (args: readonly string[], host = 'a'): Promise<Ended> => {
    const { url, user, password }: Clickhouse = clickhouse();
    const env = {
      ATLAS_STATE: join(home, `state-${host}`),
      CLICKHOUSE_URL: url,
      CLICKHOUSE_USER: user,
      CLICKHOUSE_PASSWORD: password,
      CLICKHOUSE_DATABASE: database.name,
    };
    return cli(['ingest', 'records', ...args], { cwd: home, env, program: AS_CLI });
  };
  const count = async (table: string): Promise<number> =>
    Number((await database.query(`SELECT count() AS n FROM \`${table}\``))[0]?.['n']);

  beforeAll(async () => {
    database = await makeClickhouseDatabase(clickhouse());
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    rmSync(home, { recursive: true });
  });

  it('says that a table is missing, and makes none unless told to', async () => {
    const path = file('missing.csv', 'id\n1\n');
    const ended = await records(['--file', path, '--table-name', 'nowhere']);
    expect([ended.status, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain('ATLAS_CH_TABLE_MISSING');
    expect(ended.stderr).toContain('.nowhere');
    const planned = await records(['--file', path, '--table-name', 'nowhere', '--create-table', '--dry-run', '--json']);
    expect(planned.status, planned.stderr).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      exists: false,
      files: [{ rows: 1, columns: [{ name: 'id', type: 'int64' }] }],
    });
    expect(await database.query('SHOW TABLES')).toEqual([]);
  });

  it('infers types from the whole file, and keeps odd names', async () => {
    const rows = Array.from(
      { length: 3000 },
      (_, index) => `${index},${index === 2999 ? 'late' : index},2024-01-0${(index % 9) + 1},true,1.50`,
    );
    const path = file('odd.csv', `id,"w é\`ird ""name""",day,ok,price\n${rows.join('\n')}\n`);
    const ended = await records(['--file', path, '--table-name', 'odd.t`able', '--create-table', '--order-by', 'id']);
    expect(ended.status, ended.stderr).toBe(0);
    expect(linesOf(ended)).toMatchObject([{ status: 'loaded', file: path, rows: '3000', rejected: '0', code: '' }]);
    const columns = await database.query(
      `SELECT name, type FROM system.columns WHERE database = '${database.name}' AND table = 'odd.t\`able' ORDER BY position`,
    );
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'Int64'],
      ['w é`ird "name"', 'String'],
      ['day', 'Date32'],
      ['ok', 'Bool'],
      ['price', 'Decimal(18, 2)'],
    ]);
  });

  it('lets the table lead, and names columns that it does not have', async () => {
    await database.query(
      "CREATE TABLE lead (id UInt8, at DateTime('UTC'), note Nullable(String), must String, calm String DEFAULT 'x') ENGINE = MergeTree ORDER BY id",
    );
    const extra = await records([
      '--file',
      file('extra.csv', 'id,att,must\n1,2024-01-01 00:00:00,a\n'),
      '--table-name',
      'lead',
    ]);
    expect(extra.status).toBe(1);
    expect(linesOf(extra)).toMatchObject([{ status: 'failed', code: 'ATLAS_CH_COLUMNS' }]);
    expect(extra.stderr).toContain('no column "att" ("at"?)');
    const short = await records([
      '--file',
      file('short.csv', 'id,at\n1,2024-01-01 00:00:00\n'),
      '--table-name',
      'lead',
    ]);
    expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('the file has no "must"')]);
    const path = file('fits.csv', 'id,at,must\n1,2024-01-01 00:00:00,a\n300,2024-01-01 00:00:00,b\n');
    expect((await records(['--file', path, '--table-name', 'lead'])).status).toBe(1);
    expect(await count('lead')).toBe(0);
    const ended = await records(['--file', path, '--table-name', 'lead', '--on-error', 'reject']);
    expect(ended.status, ended.stderr).toBe(0);
    expect(linesOf(ended)).toMatchObject([
      { status: 'loaded', rows: '1', rejected: '1', rejects: expect.stringContaining('.jsonl') },
    ]);
    expect(await database.query('SELECT note, calm FROM lead')).toEqual([{ note: null, calm: 'x' }]);
  });

  it('recognises the same bytes from any host, until they are gone', async () => {
    const path = file('same.csv', 'id,name\n1,a\n2,b\n');
    const load = ['--table-name', 'same', '--create-table', '--file'];
    const [first] = linesOf(await records([...load, path]));
    expect(first).toMatchObject({ status: 'loaded', rows: '2' });
    const again = linesOf(await records([...load, file('other-name.csv', 'id,name\n1,a\n2,b\n')], 'b'));
    expect(again).toMatchObject([{ status: 'skipped', rows: '0', run: first?.['run'] }]);
    expect(linesOf(await records([...load, path, '--force'], 'c'))).toMatchObject([{ status: 'loaded' }]);
    expect(await count('same')).toBe(4);
    await database.query('TRUNCATE TABLE same');
    expect(linesOf(await records([...load, path], 'b'))).toMatchObject([{ status: 'loaded' }]);
    await database.query('DROP TABLE same SYNC');
    expect(linesOf(await records([...load, path], 'b'))).toMatchObject([{ status: 'loaded' }]);
    await database.query('DROP TABLE _atlas_receipts SYNC');
    expect(linesOf(await records([...load, path], 'b'))).toMatchObject([{ status: 'skipped' }]);
    expect(await count('same')).toBe(2);
  });

  it('settles what another host left open between publishing and its receipt, and doubles nothing', async () => {
    const path = file('open.csv', 'id\n1\n2\n3\n');
    const load = ['--file', path, '--table-name', 'open', '--create-table'];
    const [first] = linesOf(await records(load));
    // as if the host had died before it wrote its receipt
    await database.query(
      "ALTER TABLE _atlas_receipts DELETE WHERE state = 'settled' AND target = 'open' SETTINGS mutations_sync = 2",
    );
    const ended = await records(load, 'b');
    expect(linesOf(ended)).toMatchObject([{ status: 'skipped', run: first?.['run'] }]);
    expect(ended.stderr).toContain(`run ${first?.['run']} was interrupted`);
    expect(await count('open')).toBe(3);
    // as if it had died before it published: nothing of it is there
    await database.query('DROP TABLE open SYNC');
    await database.query(
      "ALTER TABLE _atlas_receipts DELETE WHERE state = 'settled' AND target = 'open' SETTINGS mutations_sync = 2",
    );
    expect(linesOf(await records(load, 'b'))).toMatchObject([{ status: 'loaded', rows: '3' }]);
    expect(await count('open')).toBe(3);
  });

  it('puts several files into one new table, of all their columns', async () => {
    const ended = await records([
      '--file',
      file('one.jsonl', '{"id":1,"tags":["x"],"big":18446744073709551615}\n'),
      file('two.csv', 'id,name\n2.5,b\n'),
      join(home, 'none.csv'),
      '--table-name',
      'several',
      '--create-table',
    ]);
    expect(linesOf(ended).map(({ status, code }) => [status, code])).toEqual([
      ['loaded', ''],
      ['loaded', ''],
      ['failed', 'ATLAS_INPUT_NOT_FOUND'],
    ]);
    expect(ended.status).toBe(3);
    const rows = await database.query(
      'SELECT toString(id) AS id, tags, toString(big) AS big, name FROM several ORDER BY id',
    );
    expect(rows).toEqual([
      { id: '1', tags: '["x"]', big: '18446744073709551615', name: null },
      { id: '2.5', tags: null, big: null, name: 'b' },
    ]);
  });

  it('gives up after --timeout, and leaves nothing behind', async () => {
    const path = file(
      'slow.csv',
      `id,text\n${Array.from({ length: 200_000 }, (_, index) => `${index},${'x'.repeat(60)}`).join('\n')}\n`,
    );
    const ended = await records([
      '--file',
      path,
      '--table-name',
      'slow',
      '--create-table',
      '--timeout',
      '1',
      '--batch-size',
      '100',
    ]);
    expect([ended.status, ended.stderr]).toEqual([75, expect.stringContaining('ATLAS_TIMEOUT')]);
    expect(await database.query("SHOW TABLES LIKE '%slow%'")).toEqual([]);
  });
});
