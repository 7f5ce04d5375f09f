import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { cli } from '../cli/cli.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithKerberos } from '../services/kerberos/describe-with-kerberos.ts';
import { declaredSecure, secureConnection } from '../services/kerberos/secure-connection.ts';

const through = { signal: new AbortController().signal };
const ROWS = 3000;

describeWithKerberos('the command on HDFS with Kerberos', (hadoop) => {
  it('reads with several threads and publishes; none of them but the first signs in', async () => {
    using project = new Project();
    const kerberos = { keytab: hadoop().keytabs.etl };
    await using stores = openStores({ lake: secureConnection(hadoop(), { kerberos }) });
    const folder = `hdfs://lake/runs/${randomBytes(6).toString('hex')}`;
    const store = await stores.of(folder);
    await store.makeFolders(folder, through);
    const rows = Array.from({ length: ROWS }, (_, id) => `${id},${'x'.repeat(id % 50)}\n`);
    await using file = await store.create(`${folder}/in.csv`, 0o644, through);
    await file.write(Buffer.from(`id,name\n${rows.join('')}`), through);
    await file.sync(through);
    project.declare(
      [
        datasetOf(
          'cities',
          { id: 'int', name: 'string' },
          {
            source: { path: `${folder}/in.csv`, slice_bytes: 10_000 },
            destination: { path: `${folder}/out.parquet` },
          },
        ),
      ],
      { lake: declaredSecure(hadoop(), { kerberos }) },
    );
    const ended = await cli(['run', '--ocs', 'g', '--workers', '3', '--log', 'json'], { cwd: project.root });
    expect(ended.stderr).toContain('"published"');
    expect(ended.status, ended.stderr).toBe(0);
    const names = (await store.list(folder, through)).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['in.csv', 'out.parquet']);
    await store.remove(folder, through);
  });

  it('fails with code 1 and what to type where there is no ticket', async () => {
    using project = new Project();
    project.write('cities.csv', 'id\n1\n');
    project.declare([datasetOf('cities', { id: 'int' }, { destination: { path: 'hdfs://lake/x.parquet' } })], {
      lake: declaredSecure(hadoop(), { kerberos: {} }),
    });
    const { status, stderr } = await cli(['run', '--ocs', 'g'], { cwd: project.root });
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/ATLAS_HDFS_KERBEROS.*there is no ticket/);
    expect(stderr).toMatch(/hint Type kinit/);
  });
});
