import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli } from '../cli/cli.ts';
import { query } from './duck.ts';
import { evolving, outcome, rowsOf, typesOf } from './evolving.ts';
import { Project } from './project.ts';

describe('evolve', () => {
  it('adds columns over all files, widens declared features, and reads what is missing as null', async () => {
    using project = new Project([
      evolving({ features: { id: 'int32', n: 'int32', name: 'string' }, source: { slice_bytes: 64 } }),
    ]);
    project.write('in/1.csv', 'id,n,name\n1,1,a\n');
    project.write('in/2.csv', 'name,tip,id,n\nb,5,2,3000000000\n');
    project.write(
      'in/3.csv',
      `n,id,flag,tip\n${Array.from({ length: 50 }, (_, at) => `1.${at},${at + 3},true,2.${at}`).join('\n')}\n`,
    );
    const sums = new Set<string>();
    const first = await project.load();
    expect(outcome(first)).toMatchObject({ outcome: 'published', error: null, added: ['tip', 'flag'] });
    expect(first.columns).toEqual(['id', 'n', 'name', 'tip', 'flag']);
    expect(first.drift?.missing).toEqual(['name', 'tip', 'flag']);
    expect(first.drift?.notes.join('\n')).toMatch(
      /column "tip" is missing in 1 of 3 files \(in\/1.csv\): added as decimal/,
    );
    expect(await typesOf(project)).toEqual({
      id: 'INTEGER',
      n: expect.stringMatching(/^DECIMAL\(\d+,2\)$/),
      name: 'VARCHAR',
      tip: expect.stringMatching(/^DECIMAL\(\d+,2\)$/),
      flag: 'BOOLEAN',
    });
    const rows = await rowsOf(project, 'id, n::double, name, tip::double, flag');
    expect(rows.slice(0, 3)).toEqual([
      [1, 1, 'a', null, null],
      [2, 3e9, 'b', 5, null],
      [3, 1.0, null, 2.0, true],
    ]);
    expect(rows.length).toBe(52);
    for (const workers of [1, 2, 4]) {
      const again = await project.load({ workers });
      expect(outcome(again)).toEqual({ ...outcome(first), added: [] });
      expect(again.planHash).toBe(first.planHash);
      sums.add(project.read('out/t.parquet').toString('base64'));
    }
    expect(sums.size).toBe(1);
  });

  it('never narrows: what was wide once stays so, and what was added stays, null', async () => {
    using project = new Project([evolving()]);
    project.write('in/1.csv', 'id,tip\n1,5\n');
    expect(outcome(await project.load())).toMatchObject({ outcome: 'published', added: ['tip'], widened: [] });
    project.write('in/1.csv', 'id,tip,late\n3000000000,1.25,x\n');
    const second = outcome(await project.load());
    expect(second).toMatchObject({ outcome: 'published', added: ['late'], widened: ['id int64'] });
    project.write('in/1.csv', 'id\n3\n');
    project.events.length = 0;
    const third = await project.load();
    expect(outcome(third)).toMatchObject({ outcome: 'published', added: [], schema: second.schema });
    expect(third.drift).toMatchObject({ gone: ['tip', 'late'], missing: ['tip', 'late'] });
    expect(third.drift?.notes.join('\n')).toMatch(/column "tip" is gone since run .*: it stays, null in every row/);
    expect(await rowsOf(project)).toEqual([['3', null, null]]);
    project.write('in/1.csv', 'late,id\ny,4\n');
    expect(outcome(await project.load()).schema).toEqual(second.schema);
    expect(await rowsOf(project)).toEqual([['4', null, 'y']]);
  });

  it('integers become wider integers, then decimals, from run to run and back', async () => {
    using project = new Project([evolving({ features: { id: 'int32', n: 'int16' } })]);
    const types = [];
    for (const value of ['1', '70000', '5000000000', '1.5', '12345678901234567890.125', '2']) {
      project.write('in/1.csv', `id,n\n1,${value}\n`);
      const receipt = await project.load();
      expect(receipt.error).toBeNull();
      const type = receipt.schema[1]?.type ?? '';
      types.push(type.replace(/\(.*/, ''));
      expect(await rowsOf(project, 'n::varchar = $$'.concat(value, '$$ OR n::decimal(38,10) = ', value))).toEqual([
        [true],
      ]);
    }
    expect(types).toEqual(['int16', 'int32', 'int64', 'decimal', 'decimal', 'decimal']);
  });

  it('does not follow what no wider type holds: such rows are rejects as ever', async () => {
    using project = new Project([
      evolving({ features: { id: 'int32', n: 'int32' }, rest: { on_error: 'reject', max_rejects: 5 } }),
    ]);
    project.write('in/1.csv', 'id,n\n1,7\n2,many\n3,5000000000\n');
    const receipt = await project.load();
    expect(receipt.rows).toMatchObject({ read: 3, published: 2, rejected: 1 });
    expect(outcome(receipt)).toMatchObject({ widened: ['n int64'] });
    expect(await rowsOf(project)).toEqual([
      [1, '7'],
      [3, '5000000000'],
    ]);
  });

  it('a column without a value yet is not added, and then has the type of its values', async () => {
    using project = new Project([evolving()]);
    project.write('in/1.csv', 'id,later,\n1,,\n');
    const first = await project.load();
    expect(outcome(first)).toMatchObject({ error: null, added: [], evolved: [] });
    expect(first.columns).toEqual(['id', 'later', '']);
    project.write('in/1.csv', 'id,later,\n1,7,\n');
    const second = outcome(await project.load());
    expect(second.added).toEqual(['later']);
    expect(second.evolved?.[0]).toMatch(/^later int/);
  });

  it('refuses by name what cannot be added', async () => {
    const cases: [string, object, string][] = [
      ['id,other\n1,x\n', { features: [{ name: 'other', type: 'int32', from: 'id' }] }, 'feature other is column "id"'],
      [
        'id,other\n1,x\n',
        {
          features: [
            { name: 'id', type: 'int32' },
            { name: 'other', type: 'string', value: 'x' },
          ],
        },
        'feature other is a constant',
      ],
      ['id,\n1,x\n', {}, 'a column without a name cannot be added'],
      ['id,x,x\n1,2,3\n', {}, 'column "x" cannot be added: it stands twice in one file'],
      ['id,"a\nb"\n1,2\n', {}, 'column "a\\nb" cannot be added: its name holds a control character'],
    ];
    for (const [text, source, says] of cases) {
      using project = new Project([evolving({ source })]);
      project.write('in/1.csv', text);
      const { error } = await project.load();
      expect(error?.code, says).toBe('ATLAS_DRIFT_IMPOSSIBLE');
      expect(error?.message).toContain(says);
      expect(project.list('out')).toEqual([]);
    }
  });

  it('refuses a declared type that cannot be joined with what was published, and a missing column that must not be null', async () => {
    using project = new Project([evolving({ features: { id: 'int32', n: 'int32' } })]);
    project.write('in/1.csv', 'id,n\n1,2\n');
    const { run } = await project.load();
    project.declare([evolving({ features: { id: 'int32', n: 'string' } })]);
    const { error } = await project.load();
    expect(error?.code).toBe('ATLAS_DRIFT_IMPOSSIBLE');
    expect(error?.message).toContain(`feature n is string, run ${run} published it as int32, and no type holds both`);
    project.declare([
      evolving({
        source: {
          features: [
            { name: 'id', type: 'int32' },
            { name: 'n', type: 'int32', nullable: false },
          ],
        },
      }),
    ]);
    project.write('in/2.csv', 'id\n1\n');
    expect((await project.load()).error).toMatchObject({
      code: 'ATLAS_DRIFT_IMPOSSIBLE',
      message: expect.stringContaining(
        'column "n" is missing in 1 of 2 files (in/2.csv): n takes it, and it must not be null',
      ),
    });
  });

  it('names that only look dangerous are added; names that differ by case alone are told', async () => {
    using project = new Project([evolving()]);
    const long = 'x'.repeat(60_000);
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'ID', '=1+1', '= 1+1', '"q"', long];
    const header = ['id', ...names].map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    project.write('in/1.csv', `${header}\n1,1,2,3,4,5,6,7,8\n`);
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.drift?.added).toEqual(names);
    expect(receipt.drift?.notes.join('\n')).toContain('column "id" and column "ID" differ by case alone');
    expect(receipt.drift?.notes.join('\n')).toContain(
      'column "=1+1" and column "= 1+1" may be one column under two names',
    );
    for (const note of receipt.drift?.notes ?? []) expect(note.length).toBeLessThan(200);
    const schema = await query(
      `SELECT name FROM parquet_schema('${project.path('out/t.parquet')}') WHERE type IS NOT NULL`,
    );
    expect(schema.map(([name]) => name)).toEqual(['id', ...names]);
  });

  it('follows nine generations of headers at once', async () => {
    using project = new Project([evolving({ features: { pickup: 'timestamp(us)' } })]);
    const generations = [
      'pickup,vendor,distance',
      'pickup,vendor,distance,rate',
      'vendor,pickup,rate,distance',
      'pickup,vendor,distance,rate,flag',
      'pickup,vendor,distance,rate,flag,tip',
      'pickup,distance,rate,flag,tip,surcharge',
      'pickup,distance,rate,tip,surcharge,congestion',
      'tip,pickup,congestion,airport',
      'airport,pickup',
    ];
    const value = (name: string, at: number): string => {
      if (name === 'pickup') return `2009-01-0${at + 1} 00:00:00`;
      if (name === 'vendor') return at === 0 ? 'CMT' : '2';
      if (name === 'flag') return 'Y';
      return name === 'rate' ? String(at) : `${at}.${at}${at}`;
    };
    for (const [at, header] of generations.entries()) {
      const row = header.split(',').map((name) => value(name, at));
      project.write(`in/${at}.csv`, `${header}\n${row.join(',')}\n`);
    }
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.schema.map(({ name }) => name)).toEqual([
      'pickup',
      'vendor',
      'distance',
      'rate',
      'flag',
      'tip',
      'surcharge',
      'congestion',
      'airport',
    ]);
    expect(receipt.rows).toMatchObject({ read: 9, published: 9 });
    const rows = await rowsOf(project, '* EXCLUDE (file_row_number, pickup)');
    const names = receipt.schema.slice(1).map(({ name }) => name);
    for (const [at, header] of generations.entries()) {
      const there = names.map((name) => header.split(',').includes(name));
      expect(rows[at]?.map((cell) => cell !== null)).toEqual(there);
    }
    expect((await project.load()).drift?.added).toEqual([]);
  });

  it('adds to partitions and samples as well', async () => {
    using project = new Project([
      evolving({ features: { id: 'int32', day: 'date' }, destination: { path: 'out/p/', partition_by: ['day'] } }),
    ]);
    project.write('in/1.csv', 'id,day\n1,2024-01-01\n');
    project.write('in/2.csv', 'id,day,tip\n2,2024-01-02,x\n');
    const sample = await project.load({ sample: { rows: 2, file: project.path('out/t.parquet') } });
    expect(sample.error).toBeNull();
    expect(await rowsOf(project, 'id, tip')).toEqual([
      [1, null],
      [2, 'x'],
    ]);
    expect((await project.load()).error).toBeNull();
    const files = project.path('out/p/**/*.parquet');
    expect(await query(`SELECT id, tip, day::varchar FROM read_parquet('${files}') ORDER BY id`)).toEqual([
      [1, null, '2024-01-01'],
      [2, 'x', '2024-01-02'],
    ]);
  });

  it('nulls and other spellings are not followed, whatever else is', async () => {
    using project = new Project([
      evolving({
        source: {
          null_values: ['', 'NA'],
          features: [
            { name: 'id', type: 'int32', nullable: false },
            { name: 'at', type: 'timestamp(s)' },
            { name: 'cut', type: 'int16', on_loss: 'truncate' },
            { name: 'rate', type: 'decimal(4,1)', decimal_separator: ',' },
          ],
        },
        rest: { on_error: 'reject', max_rejects: 5 },
      }),
    ]);
    project.write('in/1.csv', 'id,at,cut,rate,word,day\n1,2024-01-01 00:00:00.123456,1.5,"12,25",NA,31/12/2024\n');
    project.write('in/2.csv', 'id,at,cut,rate,word,day\n,2024-01-01 00:00:00,1,"1,0",5,01/12/2024\n');
    const receipt = await project.load();
    expect(receipt.rows).toMatchObject({ read: 2, published: 1, rejected: 1 });
    expect(outcome(receipt)).toMatchObject({
      schema: ['id int32 not null', 'at timestamp(us)', 'cut int16', 'rate decimal(5,2)', 'word int64', 'day string'],
    });
  });

  it('without a header goes by columns, or widens by position', async () => {
    using project = new Project([evolving({ source: { header: false, columns: ['id', 'more'] } })]);
    project.write('in/1.csv', '1,7\n');
    expect(outcome(await project.load())).toMatchObject({ error: null, added: ['more'] });
    project.declare([
      evolving({
        source: {
          header: false,
          features: [
            { name: 'file', type: 'string', value: '@file' },
            { name: 'id', type: 'int8' },
            { name: 'n', type: 'int8' },
          ],
        },
      }),
    ]);
    project.write('in/1.csv', '1,700\n');
    expect(outcome(await project.load())).toMatchObject({
      error: null,
      evolved: [],
      schema: ['file string', 'id int32', 'n int16'],
    });
  });

  it('rejects of an evolved run are replayed by the plan that evolved', async () => {
    using project = new Project([
      evolving({ features: { id: 'int32', n: 'int32' }, rest: { on_error: 'reject', max_rejects: 5 } }),
    ]);
    project.write('in/1.csv', 'id,n\n1,5000000000\n');
    project.write('in/2.csv', 'tip,id\n2,2\n3,many\n');
    const receipt = await project.load();
    expect(receipt.rows).toMatchObject({ published: 2, rejected: 1 });
    const path = receipt.rejects.path ?? '';
    writeFileSync(path, readFileSync(path, 'utf8').replace('3,many', '3,4'));
    const { status, stderr } = await cli(['replay', receipt.run], { cwd: project.root });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('the metadata has changed')]);
    expect(await rowsOf(project)).toEqual([
      [1, '5000000000', null],
      [2, null, '2'],
      [4, null, '3'],
    ]);
    const again = await project.load();
    expect(again.drift).toMatchObject({ appeared: [], gone: [], added: [] });
    expect(again.drift?.since).not.toBe(receipt.run);
  });

  it('standard input cannot be read twice', async () => {
    using project = new Project([evolving({ source: { path: '-' } })]);
    await expect(project.plans()).rejects.toMatchObject({ code: 'ATLAS_META_INVALID' });
  });
});
