import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { openStores } from '../../src/registry.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { recordedIo } from './recorded-io.ts';

const through = { signal: new AbortController().signal };

describeWithHadoop('commands on names of HDFS', (hadoop) => {
  async function withLoaded(
    see: (bed: {
      readonly project: Project;
      readonly folder: string;
      readonly type: (...args: string[]) => Promise<{ exit: number; out: string; err: string }>;
    }) => Promise<void>,
  ): Promise<void> {
    const folder = `hdfs://lake/commands/${randomBytes(6).toString('hex')}`;
    await using stores = openStores({ lake: hdfsConnection(hadoop()) });
    const store = await stores.of(folder);
    using project = new Project();
    const type = async (...args: string[]) => {
      const io = recordedIo(project.root);
      const exit = await runProgram(args, io);
      return { exit, ...io.printed };
    };
    await store.makeFolders(folder, through);
    const file = await store.create(`${folder}/in.csv`, 0o600, through);
    await file.write(Buffer.from('n,text\n1,x\n2,y\nbad,z\n'), through);
    await file.close();
    project.write('metadata/_connections.json', JSON.stringify({ lake: declaredHdfs(hadoop()) }));
    const dataset = datasetOf(
      'a',
      { n: 'int', text: 'string' },
      {
        source: { path: `${folder}/in.csv` },
        destination: { path: `${folder}/a.parquet` },
        rest: { on_error: 'reject', max_rejects: 5 },
      },
    );
    project.declare([dataset]);
    try {
      await see({ project, folder, type });
    } finally {
      await store.remove(folder, through);
    }
  }

  it('plan, run, show, verify, inspect: names are shown whole', async () => {
    await withLoaded(async ({ folder, type }) => {
      const plan = await type('plan', '--ocs', 'g');
      expect(plan.exit).toBe(0);
      expect(plan.out).toContain(`source       ${folder}/in.csv: CSV`);
      expect(plan.out).toContain(`destination  ${folder}/a.parquet: one Parquet file`);
      expect(plan.out).toContain('readers see the old file, whole, until one rename replaces it');
      expect((await type('run', '--ocs', 'g')).exit).toBe(0);
      const show = await type('show', 'last');
      expect(show.out).toContain(`target    ${folder}/a.parquet`);
      const verify = await type('verify', 'last');
      expect([verify.exit, verify.out]).toEqual([0, expect.stringContaining(`ok     a  ${folder}/a.parquet  2 rows`)]);
      const inspect = await type('inspect', `${folder}/a.parquet`);
      expect(inspect.exit).toBe(0);
      expect(inspect.out).toContain('2 rows');
      const gone = await type('inspect', `${folder}/b.parquet`);
      expect([gone.exit, gone.err]).toEqual([2, expect.stringContaining(`there is no file ${folder}/b.parquet`)]);
    });
  });

  it('verify notices another file, a server that is gone is another matter, and so is metadata that is', async () => {
    await withLoaded(async ({ project, folder, type }) => {
      await type('run', '--ocs', 'g');
      project.write(
        'metadata/_connections.json',
        JSON.stringify({ lake: { ...declaredHdfs(hadoop()), url: 'http://127.0.0.1:1', attempts: 1 } }),
      );
      const dead = await type('verify', 'last');
      expect([dead.exit, dead.err]).toEqual([75, expect.stringContaining('ATLAS_HDFS_UNAVAILABLE')]);
      project.write('metadata/_connections.json', JSON.stringify({}));
      project.declare([datasetOf('a', { n: 'int' })]);
      const undeclared = await type('verify', 'last');
      expect([undeclared.exit, undeclared.err]).toEqual([
        2,
        expect.stringContaining(
          `${folder}/a.parquet was written through the connection lake, which g no longer declares`,
        ),
      ]);
      project.write('metadata/_connections.json', JSON.stringify({ lake: declaredHdfs(hadoop()) }));
      expect((await type('verify', 'last')).exit).toBe(0);
      await using stores = openStores({ lake: hdfsConnection(hadoop()) });
      await (await stores.of(folder)).remove(`${folder}/a.parquet`, through);
      const gone = await type('verify', 'last');
      expect([gone.exit, gone.err]).toEqual([1, expect.stringContaining('it is gone')]);
    });
  });

  it('replay goes on with the file on HDFS', async () => {
    await withLoaded(async ({ project, folder, type }) => {
      expect((await type('run', '--ocs', 'g')).exit).toBe(0);
      const rejects = project.list('.atlas').find((name) => name.endsWith('.jsonl')) ?? '';
      project.write(`.atlas/${rejects}`, String(project.read(`.atlas/${rejects}`)).replace('bad,z', '3,z'));
      const replay = await type('replay', 'last');
      expect([replay.exit, replay.err]).toEqual([0, expect.any(String)]);
      expect((await type('inspect', `${folder}/a.parquet`)).out).toContain('3 rows');
    });
  });

  it('init looks at files there, and what it writes can be run; a sample of it comes here', async () => {
    await withLoaded(async ({ project, folder, type }) => {
      const init = await type('init', `${folder}/in.csv`, '--ocs', 'h', '--name', 'b');
      expect([init.exit, init.err]).toEqual([0, expect.stringContaining('next: atlas-ingest run --ocs h')]);
      expect(String(project.read('metadata/h.jsonc'))).toContain(`${folder}/in.csv`);
      expect((await type('run', '--ocs', 'h')).exit).toBe(0);
      const sample = await type('run', '--ocs', 'h', '--limit', '1', '--to', 'sample.parquet');
      expect(sample.exit).toBe(0);
      expect((await type('inspect', 'sample.parquet')).out).toContain('1 row');
    });
  });

  it('inspect says which group declares a connection that is not shared', async () => {
    await withLoaded(async ({ project, folder, type }) => {
      project.write('metadata/_connections.json', '{}');
      project.declare([datasetOf('a', { n: 'int' })], { lake: declaredHdfs(hadoop()) });
      const { exit, err } = await type('inspect', `${folder}/a.parquet`);
      expect([exit, err]).toEqual([2, expect.stringContaining('Declared by g alone')]);
      expect((await type('inspect', `${folder}/none.parquet`, '--ocs', 'g')).err).toContain('there is no file');
    });
  });
});
