import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { IncrementalBed } from '../run/incremental-bed.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { Dice } from './crash-moments.ts';

const COMMAND = resolve('bin/atlas-ingest.js');
const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['PROPERTY_RUNS'] ?? 10);

type Make = () => Promise<Pick<PostgresDatabase, 'url' | 'query'> & AsyncDisposable>;

/** The real command, killed after so many milliseconds; null = left to end. */
function command(root: string, words: readonly string[], killAfter: number | null): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [COMMAND, ...words, '--metadata', `${root}/metadata`, '-q'], {
      stdio: 'ignore',
    });
    child.on('error', fail);
    child.on('exit', (code) => done(code));
    if (killAfter !== null) void sleep(killAfter).then(() => child.kill('SIGKILL'));
  });
}

/** Inserts, runs, backfills and kills in a random order; what is published is at any moment a part of what is expected, each row once. */
async function play(make: Make): Promise<void> {
  console.log(`incremental crashes: seed ${SEED}, ${ROUNDS} rounds (PROPERTY_SEED, PROPERTY_RUNS)`);
  const dice = new Dice(SEED);
  await using database = await make();
  using bed = new IncrementalBed(database);
  bed.follow({ incremental: { initial: '0' } });
  await database.query('CREATE TABLE orders (id bigint)');
  let last = 0;
  const insert = async (count: number) => {
    const values = Array.from({ length: count }, (_, index) => `(${last + index + 1})`);
    await database.query(`INSERT INTO orders VALUES ${values.join(', ')}`);
    last += count;
  };
  await insert(3);
  const began = performance.now();
  expect(await command(bed.root, ['run', '--ocs', 'g'], null)).toBe(0);
  const whole = performance.now() - began;
  for (let round = 0; round < ROUNDS; round++) {
    const before = last;
    await insert(1 + dice.roll(20));
    const backfill = ['--from', `${1 + dice.roll(before)}`, '--to', `${last + 1}`, '--chunk', `${1 + dice.roll(9)}`];
    const words = ['run', '--ocs', 'g', ...(dice.roll(3) === 0 ? backfill : [])];
    // most of a run is the start of the process; what matters is at its end
    await command(bed.root, words, Math.round(whole * (0.4 + (0.7 * dice.roll(1000)) / 1000)));
    const seen = await bed.published();
    const about = `seed ${SEED}, round ${round}, ${words.join(' ')}`;
    expect(new Set(seen).size, about).toBe(seen.length);
    const all = Array.from({ length: last }, (_, index) => `${index + 1}`);
    expect(seen, about).toEqual(all.slice(0, seen.length));
  }
  expect(await command(bed.root, ['run', '--ocs', 'g'], null)).toBe(0);
  expect(await bed.published()).toEqual(Array.from({ length: last }, (_, index) => `${index + 1}`));
  expect(await bed.watermarks()).toEqual([`${last}`]);
}

describeWithPostgres('an incremental dataset of PostgreSQL', (postgres) => {
  it(
    'holds each row once, however often its runs are killed',
    () => play(() => makePostgresDatabase(postgres())),
    240_000,
  );
});

describeWithMariadb('an incremental dataset of MariaDB', (mariadb) => {
  it(
    'holds each row once, however often its runs are killed',
    () => play(() => makeMariadbDatabase(mariadb())),
    240_000,
  );
});
