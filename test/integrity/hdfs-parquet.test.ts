import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { cellsOf, duckdb } from '../source/parquet/parquet-bed.ts';

const through = { signal: new AbortController().signal };

describeWithHadoop('Parquet on HDFS', (hadoop) => {
  it('is read in ranges by several workers, to local disk and to HDFS', async () => {
    using project = new Project();
    const folder = `hdfs://lake/parquet/${randomBytes(6).toString('hex')}`;
    const local = project.path('in.parquet');
    const columns =
      "i, 'text ' || (i % 1000) AS t, CASE WHEN i % 5 = 0 THEN NULL ELSE i / 7.0::DOUBLE END AS d, [i, i + 1] AS l, i AS unread";
    await duckdb(`COPY (SELECT ${columns} FROM range(30000) r(i)) TO '${local}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`);
    const features = Object.entries({ i: 'bigint', t: 'string', d: 'double', l: 'json' }).map(([name, type]) => ({
      name,
      type,
    }));
    const dataset = (name: string, path: string) => ({
      name,
      source: { type: 'parquet', path: `${folder}/in/*.parquet`, slice_bytes: 1 << 16, features },
      destination: { type: 'parquet', path },
    });
    project.declare([dataset('near', 'out/near.parquet'), dataset('far', `${folder}/far.parquet`)], {
      lake: declaredHdfs(hadoop()),
    });
    await using stores = openStores(await project.connections());
    const store = await stores.of(folder);
    try {
      await store.makeFolders(`${folder}/in`, through);
      const file = await store.create(`${folder}/in/one.parquet`, 0o644, through);
      await file.write(readFileSync(local), through);
      await file.sync(through);
      await file.close();
      const { receipts } = await project.run({ workers: 2 });
      for (const receipt of receipts) {
        expect(receipt.error).toBeNull();
        expect(receipt.rows).toMatchObject({ read: 30_000, published: 30_000 });
        expect(receipt.workers).toBe(2);
        expect(receipt.inputs).toEqual([{ path: `${folder}/in/one.parquet`, bytes: expect.any(Number) }]);
      }
      await using reader = await store.open(`${folder}/far.parquet`, through);
      writeFileSync(project.path('far.parquet'), await reader.read(0, reader.length));
      const wanted = await cellsOf(local, 'i, t, d, to_json(l)::VARCHAR AS l');
      const near = await cellsOf(project.path('out/near.parquet'), 'i, t, d, l::VARCHAR AS l');
      expect(near.slice(1).every((row, index) => row.join('\n') === wanted[index + 1]?.join('\n'))).toBe(true);
      expect(near.length).toBe(30_001);
      expect(await cellsOf(project.path('far.parquet'))).toEqual(await cellsOf(project.path('out/near.parquet')));
    } finally {
      await store.remove(folder, through);
    }
  });
});
