import { afterAll, beforeAll, expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { type Reading, readSource } from '../../conformance/source/read-source.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { HdfsFolder } from '../../services/hadoop/hdfs-folder.ts';
import { FIXTURES, type Fixture, listFixtures } from './fixture.ts';
import { planOf, type SourceInput } from './plan-of.ts';

/** One in so many is read from HDFS: where bytes come from is no matter of what they mean. */
const SAMPLED = 9;
const sample = listFixtures().filter(({ bytes }, index) => bytes !== null && index % SAMPLED === 0);

describeWithHadoop('CSV fixtures on HDFS', (hadoop) => {
  let folder: HdfsFolder;
  beforeAll(async () => {
    folder = await HdfsFolder.make(hadoop());
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** What is seen of a fixture at `path`, by whatever name; or the code of what is wrong with it. */
  async function seenOf({ expected }: Fixture, path: string) {
    const plan = planOf({ ...(expected.source as SourceInput), path, slice_bytes: 64 }, '/');
    await using source = await openCsvSource(plan, { reserve: 0, loadedAt: 0n, debug: true, stores: folder.stores });
    try {
      return facts(await readSource(source), path);
    } catch (error) {
      if (error instanceof AtlasError) return { code: error.code, message: error.message.replaceAll(path, '<file>') };
      throw error;
    }
  }

  it.each(sample)('$name is what it is on a local disk', async (fixture) => {
    const path = await folder.write(`${fixture.name}.csv`, fixture.bytes as Buffer);
    expect(await seenOf(fixture, path)).toEqual(await seenOf(fixture, `${FIXTURES}${fixture.name}.csv`));
  });
});

function facts({ rows, rejects, spans, groups, batches, tallies, survey }: Reading, path: string) {
  const unnamed = rows.map((row) => row.map((cell) => (cell === path ? '<file>' : cell)));
  const places = rejects.map(({ file, ...reject }) => ({ ...reject, file: file === path ? '<file>' : file }));
  const { tasks, ignored, empty, contentBytes } = survey;
  return { rows: unnamed, rejects: places, spans, groups, batches, tallies, tasks, ignored, empty, contentBytes };
}
