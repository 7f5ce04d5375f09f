import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { queryAsync } from 'chdb';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ARROW_END, arrowSchemaMessage } from '../../../src/encode/arrow/arrow-stream.ts';
import { describeWithClickhouse } from '../../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../../services/clickhouse/make-clickhouse-database.ts';
import { type Cell, field } from '../build-batch.ts';
import { writeArrow, writeFragments } from './write-arrow.ts';

const folder = mkdtempSync(join(tmpdir(), 'atlas-arrow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = { fields: [field('s', 'string'), field('n', 'int64!')] };
const TEXTS = ['😀😃😄', null, '', 'é\0ü\r\n', '\u{10ffff}', 'a', '日本', '👩‍👩‍👧‍👦'];
const columns: Cell[][] = [TEXTS, TEXTS.map((_, row) => BigInt(row))];
const rows = TEXTS.map((s, row) => ({ s, n: String(row) }));

/** The bytes in pieces, each of which is on its way before the next comes. */
async function* inPieces(bytes: Uint8Array, ends: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const end of [...ends, bytes.byteLength]) {
    if (end <= from) continue;
    yield bytes.subarray(from, end);
    from = end;
    await immediate();
  }
}

const everyByte = (bytes: Uint8Array): number[] => Array.from({ length: bytes.byteLength }, (_, at) => at);

/** Ends of pieces that part the first emoji after each of its bytes. */
function insideEmoji(bytes: Buffer): number[] {
  const at = bytes.indexOf('😀');
  return [1, 2, 3, 4, 5, 6, 7].map((more) => at + more);
}

describeWithClickhouse('Arrow in the body of a request', (clickhouse) => {
  it('comes whole however it is cut into pieces', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const { url, user: username, password } = clickhouse();
    const log = { level: ClickHouseLogLevel.OFF };
    const client = createClient({ url, username, password, database: database.name, log });
    await database.query('CREATE TABLE t (s Nullable(String), n Int64) ENGINE = MergeTree ORDER BY n');
    for (const compression of ['none', 'lz4', 'zstd'] as const) {
      const bytes = await writeArrow(schema, columns, { compression, fragmentRows: 5 });
      const cuts = compression === 'none' ? insideEmoji(bytes).map((at) => [at]) : [];
      for (const ends of [everyByte(bytes), ...cuts]) {
        await database.query('TRUNCATE TABLE t');
        const { stream } = await client.exec({
          query: 'INSERT INTO t (s, n) FORMAT ArrowStream',
          values: Readable.from(inPieces(bytes, ends), { objectMode: false }),
        });
        stream.destroy();
        expect(await database.query('SELECT s, n FROM t ORDER BY n')).toEqual(rows);
      }
    }
    await client.close();
  });
});

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const answer = await queryAsync(sql, { format: 'JSONEachRow' });
  return answer
    .text()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

test('Arrow through a FIFO comes whole however it is cut into pieces', async () => {
  const fifo = join(folder, 'body');
  execFileSync('mkfifo', [fifo]);
  const bytes = await writeArrow(schema, columns, { fragmentRows: 3 });
  for (const ends of [everyByte(bytes), ...insideEmoji(bytes).map((at) => [at])]) {
    const answer = ask(`SELECT s, toString(n) AS n FROM file('${fifo}', ArrowStream, 's Nullable(String), n Int64')`);
    const body = createWriteStream(fifo);
    for await (const piece of inPieces(bytes, ends)) body.write(piece);
    body.end();
    await once(body, 'close');
    expect(await answer).toEqual(rows);
  }
});

describe('what ClickHouse makes of a stream that is cut', async () => {
  const fragments = await writeFragments(schema, columns, { fragmentRows: 4 });
  const [first, second] = fragments.map(({ bytes }) => bytes);
  const begin = arrowSchemaMessage(schema);

  const read = async (...parts: readonly Uint8Array[]): Promise<number> => {
    const path = join(folder, 'cut.arrow');
    writeFileSync(path, Buffer.concat(parts));
    const [row] = await ask(`SELECT count(n) AS n FROM file('${path}', ArrowStream, 's Nullable(String), n Int64')`);
    return Number(row?.['n']);
  };

  test('behind a message, it takes for whole: nothing but the mark at the end tells, and it is not asked for', async () => {
    expect(await read(begin, first!, second!, ARROW_END)).toBe(8);
    expect(await read(begin, first!, second!)).toBe(8);
    expect(await read(begin, first!)).toBe(4);
    expect(await read(begin)).toBe(0);
  });

  test('within a message, it refuses', async () => {
    for (const keep of [1, 7, 8, 100, second!.byteLength - 8, second!.byteLength - 1]) {
      await expect(read(begin, first!, second!.subarray(0, keep)), `${keep} bytes`).rejects.toThrow();
    }
    await expect(read(begin.subarray(0, 40))).rejects.toThrow();
    await expect(read(begin, first!, ARROW_END.subarray(0, 4))).rejects.toThrow();
    await expect(read()).rejects.toThrow();
  });

  test('behind the mark, it reads nothing more', async () => {
    expect(await read(begin, first!, ARROW_END, second!)).toBe(4);
  });
});
