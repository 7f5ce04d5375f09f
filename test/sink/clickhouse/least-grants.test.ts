import { expect, it } from 'vitest';
import { FURTHER_GRANTS, LEAST_GRANTS } from '../../../src/sink/clickhouse/examine/examine-grants.ts';
import { cli } from '../../cli/cli.ts';
import { Project } from '../../run/project.ts';
import { describeWithOwnClickhouse } from '../../services/clickhouse/describe-with-clickhouse.ts';

const ROWS = 'id,day\n1,2024-01-01\n2,2024-02-01\n3,2024-02-02\n';

const MODES: readonly (readonly [string, object, object])[] = [
  ['made', { mode: 'append' }, {}],
  ['overwritten', { mode: 'overwrite' }, {}],
  ['appended', { mode: 'append' }, {}],
  ['exclusive', { mode: 'append' }, { writer: 'exclusive' }],
  ['replaced', { mode: 'replace_partitions' }, {}],
];

describeWithOwnClickhouse('the least grants of a ClickHouse', {}, (clickhouse) => {
  it.each([
    ['are enough for every mode', LEAST_GRANTS, ''],
    [
      'with those for a TTL are enough for tables that have one',
      [...LEAST_GRANTS, ...FURTHER_GRANTS],
      'TTL day + INTERVAL 90 YEAR',
    ],
  ])(
    '%s',
    async (_what, grants, ttl) => {
      await clickhouse().restart();
      for (const [name] of MODES.slice(1)) {
        const made = `CREATE TABLE ${name} (id Int64, day Date32) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY id`;
        await clickhouse().query(`DROP TABLE IF EXISTS ${name} SYNC`);
        await clickhouse().query(made + (ttl === '' ? '' : ` ${ttl.replace('day', 'toDate(day)')}`));
        await clickhouse().query(`INSERT INTO ${name} VALUES (0, '2024-02-03')`);
      }
      await clickhouse().query('DROP TABLE IF EXISTS made SYNC');
      await clickhouse().restart({ grants: [`GRANT ${grants.join(', ')} ON atlas.*`] });
      const { url, user, password, database } = clickhouse();
      for (const [name, destination, connection] of MODES) {
        using project = new Project();
        project.write('in.csv', ROWS);
        const features = [
          { name: 'id', type: 'bigint', nullable: false },
          { name: 'day', type: 'date', nullable: false },
        ];
        const made = { order_by: ['id'], partition_by: ['toYYYYMM(day)'] };
        project.declare(
          [
            {
              name,
              source: { type: 'csv', path: 'in.csv', features },
              destination: { type: 'clickhouse', connection: 'olap', table: name, ...made, ...destination },
            },
          ],
          { olap: { type: 'clickhouse', url, user, password: '${OLAP}', database, ...connection } },
        );
        const ended = await cli(['run', '--ocs', 'g'], { cwd: project.root, env: { OLAP: password } });
        expect(ended.status, `${name}: ${ended.stdout}${ended.stderr}`).toBe(0);
      }
      const counts = await clickhouse().query(
        MODES.map(([name]) => `SELECT '${name}' AS t, count() AS n FROM ${name}`).join(' UNION ALL '),
      );
      expect(Object.fromEntries(counts.map(({ t, n }) => [t, n]))).toEqual({
        made: '3',
        overwritten: '3',
        appended: '4',
        exclusive: '4',
        replaced: '3',
      });
    },
    180_000,
  );
});
