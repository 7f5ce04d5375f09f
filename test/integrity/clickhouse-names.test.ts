import { expect, it, vi } from 'vitest';
import { quoteClickhouseName } from '../../src/metadata/quote-clickhouse-name.ts';
import { cli, type Ended } from '../cli/cli.ts';
import { type DatasetDocument, Project } from '../run/project.ts';
import type { ClickhouseFacts } from '../services/clickhouse/clickhouse-facts.ts';
import { describeWithClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { type ClickhouseDatabase, makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';
import { Dice } from './crash-moments.ts';
import { hostileNames } from './hostile-names.ts';

const SEED = Date.now() % 1_000_000;

/** Columns that every table of the engine has anyway: the server refuses them, by name. */
const VIRTUAL: ReadonlySet<string> = new Set(['_row_exists', '_block_number', '_part', '_partition_id']);

/** Tables beside those that are loaded. */
const OURS: ReadonlySet<string> = new Set(['_atlas_lineage', '_atlas_receipts']);

/** Those that are tried each time. */
const ALWAYS = ['t`; DROP TABLE t; --', "it's", 'a\\', 'a\nb', '../../etc/passwd', 'db.t', '😀'];

vi.setConfig({ testTimeout: 300_000 });

/** What a document reads as its own: `${…}` is the environment, `{{ … }}` a variable. */
const OWN = /\$\{|\{\{/;

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Runs the command on datasets from `rows.csv`, into a database. */
function load(
  project: Project,
  { url, user, password }: ClickhouseFacts,
  { name: database }: ClickhouseDatabase,
  datasets: readonly DatasetDocument[],
): Promise<Ended> {
  const connection = { type: 'clickhouse', url, user, password: '${SITE_PASSWORD}', database };
  project.declare(datasets, { olap: connection });
  const words = ['run', '--ocs', 'g', '--json', '--workers', '1'];
  return cli(words, { cwd: project.root, env: { SITE_PASSWORD: password } });
}

function datasetInto(table: string, index: number, features: readonly string[]): DatasetDocument {
  return {
    name: `set_${index}`,
    source: {
      type: 'csv',
      path: 'rows.csv',
      features: features.map((name) => ({ name, type: 'string', nullable: false })),
    },
    destination: { type: 'clickhouse', connection: 'olap', table, mode: 'append' },
  };
}

describeWithClickhouse('hostile names in a ClickHouse', (clickhouse) => {
  it('are columns like others, hundreds in one table', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    using project = new Project();
    // a feature's name holds no control character: documents that do are refused
    const names = hostileNames().filter((name) => !OWN.test(name) && !/\p{Cc}/u.test(name) && !VIRTUAL.has(name));
    expect(names.length).toBeGreaterThan(200);
    const line = (prefix: string): string => `${names.map((name) => quote(prefix + name)).join(',')}\n`;
    project.write('rows.csv', line('') + line('1 ') + line('2 '));
    const ended = await load(project, clickhouse(), database, [datasetInto('t', 0, names)]);
    expect(ended, ended.stderr).toMatchObject({ status: 0 });
    const where = "WHERE database = currentDatabase() AND table = 't' ORDER BY position";
    expect((await database.query(`SELECT name FROM system.columns ${where}`)).map(({ name }) => name)).toEqual(names);
    const rows = await database.query('SELECT array(*) AS cells FROM t');
    const cells = (prefix: string): readonly string[] => names.map((name) => prefix + name);
    expect(rows.map((row) => row['cells']).sort()).toEqual([cells('1 '), cells('2 ')]);
  });

  it('are tables like others, as they are quoted', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const names = hostileNames();
    expect(names.length).toBeGreaterThan(300);
    for (const name of names) {
      await database.query(`CREATE TABLE ${quoteClickhouseName(name)} (a Int8) ENGINE = Memory`);
    }
    const there = await database.query('SELECT name FROM system.tables WHERE database = currentDatabase()');
    expect(there.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it('are tables like others, as they are loaded', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    using project = new Project();
    const dice = new Dice(SEED);
    const possible = hostileNames().filter((name) => !OWN.test(name) && !name.startsWith('_atlas_'));
    const names = [...ALWAYS, ...dice.shuffle(possible).slice(0, 8)];
    project.write('rows.csv', 'a\n1\n2\n');
    const sets = names.map((name, index) => datasetInto(name, index, ['a']));
    for (let twice = 0; twice < 2; twice += 1) {
      const ended = await load(project, clickhouse(), database, sets);
      expect(ended, `seed ${SEED}: ${ended.stderr}`).toMatchObject({ status: 0 });
      project.write('rows.csv', 'a\n3\n');
    }
    const query = 'SELECT name, toInt32(total_rows) AS n FROM system.tables WHERE database = currentDatabase()';
    const found = (await database.query(query)).filter(({ name }) => !OURS.has(String(name)));
    expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(new Set(found.map(({ n }) => n))).toEqual(new Set([3]));
  });
});
