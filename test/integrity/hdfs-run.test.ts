import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { cli } from '../cli/cli.ts';
import { duckdbRows } from '../judges/judges.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';

const through = { signal: new AbortController().signal };

describeWithHadoop('a run to HDFS', (hadoop) => {
  it('publishes one file under its name, replaces it, and leaves nothing beside it', async () => {
    using project = new Project();
    const folder = `hdfs://lake/runs/${randomBytes(6).toString('hex')}`;
    const path = `${folder}/cities.parquet`;
    project.declare([datasetOf('cities', { id: 'int', name: 'string' }, { destination: { path } })], {
      lake: declaredHdfs(hadoop()),
    });
    for (const names of [['Oslo', 'Rom'], ['Kyoto']]) {
      project.write('cities.csv', `id,name\n${names.map((name, index) => `${index},${name}\n`).join('')}`);
      const receipt = await project.load();
      expect(receipt.error).toBeNull();
      expect(receipt).toMatchObject({ outcome: 'published', target: path, rows: { published: names.length } });
      await using stores = openStores(await project.connections());
      const store = await stores.of(path);
      expect(await store.list(folder, through)).toEqual([{ name: 'cities.parquet', kind: 'file' }]);
      await using reader = await store.open(path, through);
      writeFileSync(project.path('back.parquet'), await reader.read(0, reader.length));
      const rows = await duckdbRows(`SELECT id::INT, name FROM '${project.path('back.parquet')}' ORDER BY id`);
      expect(rows).toEqual(names.map((name, id) => [id, name]));
    }
  });

  it('shows what the store proved, for people and for programs', async () => {
    using project = new Project();
    const path = `hdfs://lake/runs/${randomBytes(6).toString('hex')}/p/`;
    project.declare([datasetOf('p', { n: 'int', text: 'string' }, { destination: { path, partition_by: ['text'] } })], {
      lake: declaredHdfs(hadoop()),
    });
    project.write('p.csv', 'n,text\n1,x\n2,y\n');
    expect((await project.load()).error).toBeNull();
    const { stdout } = await cli(['show', 'last'], { cwd: project.root });
    expect(stdout).toMatch(/^ {2}proof {5}2 files: length and MD5-of-0MD5-of-512CRC32C$/m);
    const { stdout: json } = await cli(['show', 'last', '--json'], { cwd: project.root });
    const { datasets } = JSON.parse(json) as { datasets: readonly { files: readonly object[] }[] };
    for (const file of datasets[0]?.files ?? []) {
      expect(file).toMatchObject({
        proof: {
          compared: 'length and MD5-of-0MD5-of-512CRC32C',
          checksum: { algorithm: 'MD5-of-0MD5-of-512CRC32C', value: expect.stringMatching(/^00000200[0-9a-f]{48}$/) },
        },
      });
    }
    expect(datasets[0]?.files).toHaveLength(2);
    await using stores = openStores(await project.connections());
    const store = await stores.of(path);
    const manifest = await store.open(`${path}_atlas/manifest.json`, through);
    expect(Buffer.from(await manifest.read(0, manifest.length)).toString()).not.toContain('proof');
    await store.remove(path, through);
  });
});
