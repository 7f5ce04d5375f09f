import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { logError } from '../../src/cli/log-error.ts';
import { renderError } from '../../src/cli/render-error.ts';
import { openStores } from '../../src/registry.ts';
import { packError } from '../../src/run/packed-error.ts';
import type { Store } from '../../src/store/store.ts';
import { cli } from '../cli/cli.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { ECHOES, EchoingHdfs, type Trouble } from './echoing-hdfs.ts';

const through = { signal: new AbortController().signal };
/** With every character that a URL writes otherwise, and no key that would give it away. */
const TOKEN = `${randomBytes(24).toString('hex')}+/a b=-_`;
const SHAPES = [TOKEN, encodeURIComponent(TOKEN), TOKEN.slice(0, 48), Buffer.from(TOKEN).toString('base64url')];
const QUICK = { attempts: 1, redirect_hosts: ['127.0.0.1'], timeouts: { call_ms: 5000, idle_ms: 5000 } };

/** What of the token stands in a text. */
function leaks(text: string | Buffer): readonly string[] {
  return SHAPES.filter((shape) => text.includes(shape));
}

/** All that is ever shown of an error: in words, as JSON, to another thread, with stacks and causes. */
function shown(error: unknown): string {
  let text = '';
  const io = { stderr: { write: (part: string) => (text += part) }, env: { ATLAS_DEBUG: '1' }, now: () => 0, cwd: '/' };
  renderError(error, io as never);
  logError(error, io as never);
  text += JSON.stringify(packError(error));
  for (let each = error; each instanceof Error; each = each.cause) text += `${each.message}\n${each.stack}\n`;
  return text;
}

/** Every step of the store that sends one of these operations. */
const STEPS: Readonly<Record<string, (store: Store, folder: string) => Promise<unknown>>> = {
  GETFILESTATUS: (store, folder) => store.look(folder, through),
  LISTSTATUS: (store, folder) => store.list(folder, through),
  MKDIRS: (store, folder) => store.makeFolder(`${folder}/new`, through),
  DELETE: (store, folder) => store.remove(`${folder}/file`, through),
  RENAME: (store, folder) => store.rename(`${folder}/file`, `${folder}/other`, through),
  SETPERMISSION: (store, folder) => store.setMode(`${folder}/file`, 0o600, through),
  OPEN: async (store, folder) => {
    await using reader = await store.open(`${folder}/file`, through);
    await reader.read(0, reader.length);
  },
  GETFILECHECKSUM: (store, folder) => store.checksum(`${folder}/file`, through),
  CREATE: (store, folder) => write(store, `${folder}/more`),
  APPEND: async (store, folder) => {
    await using file = await store.create(`${folder}/grown-${randomBytes(4).toString('hex')}`, 0o644, through);
    await file.write(Buffer.from('text'), through);
    await file.suspend(through);
    await file.write(Buffer.from('more'), through);
    await file.sync(through);
  },
};
const DATA_STEPS = ['OPEN', 'CREATE', 'APPEND'];

async function write(store: Store, path: string): Promise<void> {
  await using file = await store.create(path, 0o644, through);
  await file.write(Buffer.from('text'), through);
  await file.sync(through);
}

describeWithHadoop('a token, before a server that repeats whatever it is sent', (hadoop) => {
  it('is in no error of any step, however the server fails it', async () => {
    await using hdfs = await EchoingHdfs.start(hadoop().url, TOKEN);
    const folder = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
    const ways = Object.keys(STEPS).flatMap((op) => [
      ...ECHOES.map((echo): Trouble => ({ op, at: 'name', echo })),
      ...(DATA_STEPS.includes(op) ? ECHOES.map((echo): Trouble => ({ op, at: 'data', echo })) : []),
    ]);
    const leaky: object[] = [];
    const silent: object[] = [];
    await using plain = openStores({ lake: hdfsConnection(hadoop()) });
    const bare = await plain.of(folder);
    await bare.makeFolders(folder, through);
    for (const trouble of ways) {
      if ((await bare.look(`${folder}/file`, through)).kind === 'absent') await write(bare, `${folder}/file`);
      await using stores = openStores({ lake: hdfsConnection(hdfs, { token: TOKEN, ...QUICK }) });
      const store = await stores.of(folder);
      hdfs.trouble = trouble;
      hdfs.failed = 0;
      const error: unknown = await STEPS[trouble.op]?.(store, folder).then(
        () => null,
        (caught: unknown) => caught,
      );
      hdfs.trouble = null;
      const found = error === null ? [] : leaks(shown(error));
      if (found.length > 0) leaky.push({ trouble, found });
      if (error === null && hdfs.failed === 0) silent.push(trouble);
    }
    await bare.remove(folder, through);
    expect(leaky).toEqual([]);
    // The checksum of a whole file is made by reading it, a delete that did nothing is looked at: all others met their trouble.
    expect(silent.filter((trouble) => (trouble as Trouble).op !== 'GETFILECHECKSUM')).toEqual([]);
    expect(hdfs.strangers).toBe(0);
    expect(leaks(hdfs.arguments)).toEqual([]);
  }, 240_000);

  it('is in nothing that a run prints or writes, whether it fails or publishes', async () => {
    await using hdfs = await EchoingHdfs.start(hadoop().url, TOKEN);
    const troubles: readonly (Trouble | null)[] = [
      null,
      { op: 'GETFILESTATUS', at: 'name', echo: 'page' },
      { op: 'CREATE', at: 'name', echo: 'no-url' },
      { op: 'CREATE', at: 'data', echo: 'exception' },
      { op: 'RENAME', at: 'name', echo: 'refusal' },
      { op: 'MKDIRS', at: 'name', echo: 'class' },
    ];
    for (const [index, trouble] of troubles.entries()) {
      using project = new Project();
      const folder = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
      project.write('cities.csv', 'id,name\n1,Oslo\nx,Rom\n');
      project.declare(
        [
          datasetOf(
            'cities',
            { id: 'int', name: 'string' },
            {
              destination: { path: `${folder}/cities.parquet` },
              rest: { on_error: 'reject', max_rejects: 5 },
            },
          ),
        ],
        {
          lake: {
            type: 'webhdfs',
            url: hdfs.url,
            token: index % 2 === 0 ? '${LAKE_TOKEN}' : `\${file:${project.path('token')}}`,
            ...QUICK,
          },
        },
      );
      hdfs.trouble = trouble;
      const options = { cwd: project.root, env: { LAKE_TOKEN: TOKEN, ATLAS_DEBUG: '1' } };
      // The file that the document names is the only one that may hold it.
      project.write('token', TOKEN);
      const log = index % 2 === 0 ? ['--log', 'json'] : [];
      const ended = await cli(['run', '--ocs', 'g', ...log], options);
      expect(ended.status, `${JSON.stringify(trouble)}\n${ended.stderr}`).toBe(
        trouble === null ? 0 : ended.status || 1,
      );
      if (trouble !== null) expect(ended.status).not.toBe(0);
      expect(leaks(ended.stdout + ended.stderr)).toEqual([]);
      if (trouble === null) {
        for (const args of [['plan', '--ocs', 'g'], ['plan', '--ocs', 'g', '--json'], ['show', 'last'], ['validate']]) {
          const said = await cli(args, options);
          expect(leaks(said.stdout + said.stderr), args.join(' ')).toEqual([]);
        }
      }
      const files = filesBelow(project.root).filter((path) => path !== project.path('token'));
      expect(
        files.some((path) => path.endsWith('ledger.db')),
        files.join('\n'),
      ).toBe(true);
      for (const path of files) expect(leaks(readFileSync(path)), path).toEqual([]);
    }
    expect(hdfs.failed).toBeGreaterThan(0);
    expect(hdfs.strangers).toBe(0);
    expect(leaks(hdfs.arguments)).toEqual([]);
  }, 240_000);
});

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return names.filter((path) => statSync(path).isFile());
}
