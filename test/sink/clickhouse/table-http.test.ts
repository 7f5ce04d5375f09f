import { expect, it } from 'vitest';
import { openClickhouse } from '../../../src/sink/clickhouse/server/open-clickhouse.ts';
import { describeWithClickhouse } from '../../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../../services/clickhouse/make-clickhouse-database.ts';
import { clickhouseConnection } from './server/clickhouse-connection.ts';
import { TableBed, through } from './table-bed.ts';

describeWithClickhouse('tables of a server', (clickhouse) => {
  it.each([
    ['append', false, [1, 2, 3, 4, 7]],
    ['append', true, [1, 2, 3, 4, 7]],
    ['overwrite', false, [4, 7]],
    ['replace_partitions', false, [2, 3, 4, 7]],
  ] as const)('are published by %s, exclusive: %s', async (mode, exclusive, wanted) => {
    const { url, user, password } = clickhouse();
    await using database = await makeClickhouseDatabase(clickhouse());
    const said = { urls: [url], user, password, database: database.name, exclusive };
    await using server = await openClickhouse(clickhouseConnection(said), through);
    const bed = new TableBed(server, { mode, exclusive, blockRows: 1 });
    await bed.publish('run-1', [
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    await bed.publish('run-2', [
      [4, 1],
      [7, 1],
    ]);
    expect(await bed.ids()).toEqual(wanted);
    expect(await bed.leftovers()).toEqual([]);
    await using sink = bed.sink();
    await using _lock = await sink.lock('run-3', through);
    await expect(sink.lock('run-4', through)).rejects.toMatchObject({
      code: 'ATLAS_TARGET_LOCKED',
      exit: 4,
      message: expect.stringMatching(/run run-3 on .* \(process \d+\)/),
    });
  });
});
