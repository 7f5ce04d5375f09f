import { afterAll, beforeAll, expect, it } from 'vitest';
import { sniffCsv } from '../../src/registry.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { HdfsFolder } from '../services/hadoop/hdfs-folder.ts';
import { evolving, outcome, rowsOf } from './evolving.ts';
import { Project } from './project.ts';

const { signal } = new AbortController();

describeWithHadoop('looking at inputs on HDFS to their end', (hadoop) => {
  let folder: HdfsFolder;
  beforeAll(async () => {
    folder = await HdfsFolder.make(hadoop());
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('follows drift there as on a local disk', async () => {
    using project = new Project();
    const files = {
      'in/1.csv': 'id,city\n1,Oslo\n',
      'in/2.csv': `id,city,rain\n${'2,"a\nb",1.25\n'.repeat(3)}5000000000,Rom,\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      project.write(name, text);
      await folder.write(name, text);
    }
    const seen: unknown[] = [];
    for (const path of ['in/*.csv', `${folder.path}/in/*.csv`]) {
      const dataset = { ...evolving({ features: { id: 'int32' }, source: { path } }), name: `t${seen.length}` };
      const destination = { type: 'parquet', path: 'out/t.parquet' };
      project.declare([{ ...dataset, destination }], { lake: declaredHdfs(hadoop()) });
      const receipt = await project.load({ workers: 2 });
      expect(receipt.error).toBeNull();
      seen.push({ ...outcome(receipt), rows: await rowsOf(project, 'id::VARCHAR, city, rain::VARCHAR') });
    }
    expect(seen[0]).toMatchObject({ widened: ['id int64'], added: ['city', 'rain'] });
    expect(seen[1]).toEqual(seen[0]);
  });

  it('finds out how a file is read', async () => {
    const text = `Städte;Größe\n${'Malmö;1,5\nÅrhus;2,5\n'.repeat(200)}`;
    const path = await folder.write('cities.csv', Buffer.from(text, 'latin1'));
    const sniffed = await sniffCsv(path, {}, { stores: folder.stores, signal });
    expect(sniffed).toMatchObject({ file: path, bytes: text.length, compression: 'none' });
    expect(sniffed.readings[0]?.dialect).toMatchObject({ delimiter: ';', columns: ['Städte', 'Größe'] });
    await expect(sniffCsv(`${folder.path}/none.csv`, {}, { stores: folder.stores, signal })).rejects.toMatchObject({
      code: 'ATLAS_INPUT_NOT_FOUND',
    });
  });
});
