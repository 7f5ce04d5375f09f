import { expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';

const url = 'http://gateway:14000';

it.each([
  ['httpfs', { path: 'hdfs://lake/x.parquet' }, /lake is HttpFS.*for that moment readers find no file/],
  ['httpfs', { path: 'hdfs://lake/x/', layout: 'versioned', mode: 'overwrite' }, /readers find no pointer/],
  ['httpfs', { path: 'hdfs://lake/x.parquet', mode: 'error_if_exists' }, null],
  ['httpfs', { path: 'x.parquet' }, null],
  ['webhdfs', { path: 'hdfs://lake/x.parquet' }, null],
])('a plan through %s to %o says what readers see meanwhile', async (api, destination, note) => {
  using project = new Project();
  project.declare([datasetOf('x', { id: 'int' }, { destination })], { lake: { type: 'webhdfs', url, api } });
  const notes = (await project.plans()).flatMap(({ notes: each }) => each).filter((each) => each.includes('HttpFS'));
  expect(notes).toEqual(note === null ? [] : [expect.stringMatching(note)]);
});
