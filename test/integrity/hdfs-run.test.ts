import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
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
});
