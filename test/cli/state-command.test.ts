import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { IncrementalBed } from '../run/incremental-bed.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { recordedIo } from './recorded-io.ts';

async function command(root: string, ...words: readonly string[]) {
  const io = recordedIo(root);
  const code = await runProgram([...words, '--metadata', `${root}/metadata`], io);
  return { code, ...io.printed };
}

describe('options of incremental runs', () => {
  it.each([
    [['run', '--ocs', 'g', '--from', '1'], '--from stands without --to'],
    [['run', '--ocs', 'g', '--chunk', '1'], '--chunk stands without --from'],
    [['run', '--ocs', 'g', '--since', '1', '--full-refresh'], '--since and --full-refresh are given together'],
    [['run', '--ocs', 'g', '--since', '1', '--limit', '1', '--to', 'x'], '--limit takes a sample'],
    [['state', 'drop', '--ocs', 'g'], 'state drop is not known'],
    [['state', 'show', '--ocs', 'g', '--watermark', '1'], '--watermark is an option of state set'],
    [['state', 'set', '--ocs', 'g', '--dataset', 'd', '--watermark', '1'], '--reason <text> is missing'],
  ])('%j is a usage error', async (words, message) => {
    const { code, err } = await command('/', ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describeWithPostgres('watermarks by the command line', (postgres) => {
  it('are planned with, shown, set and remembered', async () => {
    await using database = await makePostgresDatabase(postgres());
    using bed = new IncrementalBed(database);
    bed.follow();
    await database.query('CREATE TABLE orders (id bigint)');
    await database.query('INSERT INTO orders SELECT generate_series(1, 20)');
    const plan = await command(bed.root, 'plan', '--ocs', 'g');
    expect(plan).toMatchObject({ code: 0, out: expect.stringContaining('the run begins at the first row') });
    const filled = await command(bed.root, 'run', '--ocs', 'g', '--from', '1', '--to', '11', '--chunk', '5', '--json');
    expect(JSON.parse(filled.out)).toMatchObject({ exit_code: 0, planned: 2, chunks: [{ from: '1' }, { from: '6' }] });
    const planned = await command(bed.root, 'run', '--ocs', 'g', '--dry-run');
    expect(planned.out).toContain('the run begins above 10');
    const shown = JSON.parse((await command(bed.root, 'state', 'show', '--ocs', 'g', '--json')).out);
    expect(shown).toMatchObject({ watermarks: [{ dataset: 'orders', value: '10', column: 'id' }], changes: [] });
    const set = ['state', 'set', '--ocs', 'g', '--dataset', 'orders', '--watermark'];
    expect((await command(bed.root, ...set, 'x', '--reason', 'r')).code).toBe(2);
    expect((await command(bed.root, ...set, '15', '--reason', 'known elsewhere')).code).toBe(0);
    for (const words of [['state', 'show', '--ocs', 'g'], ['history']]) {
      expect((await command(bed.root, ...words)).out).toMatch(/set from 10 to 15 by .+: known elsewhere/);
    }
    expect((await command(bed.root, 'run', '--ocs', 'g')).code).toBe(0);
    expect((await bed.published()).at(-1)).toBe('20');
    expect((await command(bed.root, 'show', 'last')).out).toMatch(/watermark\s+15 -> 20/);
  });
});
