import type { SiteTable } from './clickhouse-site.ts';
import { type EmbeddedMoment, type EngineMoment, MOVES } from './clickhouse-trials.ts';
import type { Dice } from './crash-moments.ts';

/** Every way in which rows get before readers. */
export const WAYS: Readonly<Record<string, SiteTable>> = {
  'append, nobody else writes (EXCHANGE)': table('append', 'exclusive', 3),
  'append, others may write, one partition (MOVE)': table('append', 'shared', 1),
  overwrite: table('overwrite', 'shared', 3),
  'replace_partitions, one of them (REPLACE)': table('replace_partitions', 'shared', 1),
  'replace_partitions, several (EXCHANGE)': table('replace_partitions', 'shared', 3),
};

/** Partition by partition: a reader may see some before the others, but never a part of one. */
export const MOVES_SEVERAL: SiteTable = table('append', 'shared', 3);

function table(mode: SiteTable['mode'], writer: SiteTable['writer'], partitions: number): SiteTable {
  return { mode, writer, window: 0, partitions, blockRows: 300 };
}

/** So many moments at which an engine dies: half of them at calls that move parts and tables, half at any time of a run of so many requests. */
export function engineMoments(count: number, requests: number, dice: Dice): readonly EngineMoment[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? { at: 'call', calls: dice.pick(MOVES), when: 1 + dice.roll(8), nth: dice.roll(3) }
      : { at: 'time', index: dice.roll(requests), ms: dice.roll(12) },
  );
}

/** The same for the embedded engine, of runs that take so many milliseconds. */
export function embeddedMoments(count: number, milliseconds: number, dice: Dice): readonly EmbeddedMoment[] {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? { at: 'call', calls: dice.pick(MOVES), when: 1 + dice.roll(14) }
      : { at: 'time', ms: dice.roll(milliseconds) },
  );
}

/** The ways of an engine that nobody else can write to. */
export const EMBEDDED_WAYS: Readonly<Record<string, SiteTable>> = {
  append: table('append', 'exclusive', 3),
  overwrite: table('overwrite', 'exclusive', 3),
  replace_partitions: table('replace_partitions', 'exclusive', 3),
};
