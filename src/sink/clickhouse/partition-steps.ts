import { hostname } from 'node:os';
import { AtlasError } from '../../errors.ts';
import type { Likeness, Staged, StagedPartition } from '../../flow/sink.ts';
import { awaitStatement } from './await-statement.ts';
import { BLOCK_SETTINGS } from './block-settings.ts';
import { findParts, type Part } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { highestBlocks } from './highest-blocks.ts';
import { isLost } from './is-lost.ts';
import { judgeInserted } from './judge-inserted.ts';
import { judgePartition } from './judge-partition.ts';
import { partitionSql } from './make-next.ts';
import { type PartitionMark, readPartitionMark, writePartitionMark } from './partition-mark.ts';
import type { Statement, Waiting } from './server/clickhouse-server.ts';
import { quoteText } from './server/quote-text.ts';
import type { TablePlace } from './table-place.ts';

/** Times that a partition is tried, where answers are lost. */
const ATTEMPTS = 3;

/**
 * Publishes a staged table partition by partition (MOVE PARTITION, REPLACE PARTITION), each atomic for itself, and goes on where that
 * stopped. Which one is begun is written down first, with the staging table; of that one alone it may be unknown what became of it, and
 * it is looked at before it is touched again.
 */
export class PartitionSteps {
  readonly #place: TablePlace;
  readonly #staged: Staged;
  readonly #stage: string;
  readonly #partitions: readonly StagedPartition[];
  readonly #step: 'move' | 'replace' | 'insert';

  constructor(place: TablePlace, staged: Staged, { step, partitions }: NonNullable<Staged['table']>) {
    this.#place = place;
    this.#staged = staged;
    this.#stage = staged.draft.slice(place.database.length + 1);
    this.#partitions = partitions;
    if (step === 'rename' || step === 'exchange') throw new AtlasError('ATLAS_INTERNAL', `${step} is one step`);
    this.#step = step;
    if (place.runOf(this.#stage) === null) {
      throw new AtlasError('ATLAS_INTERNAL', `${staged.draft} is no draft of ${place.target}`);
    }
  }

  get #replaces(): boolean {
    return this.#step === 'replace';
  }

  async commit(waiting: Waiting): Promise<void> {
    const begun = await this.#mark(waiting);
    if (begun === 'gone') {
      throw new AtlasError('ATLAS_TARGET_CONFLICT', `the staged table ${this.#staged.draft} is gone`, {
        place: { file: this.#place.target },
      });
    }
    for (const [index, partition] of this.#partitions.entries()) {
      if (begun !== null && index < begun.index) continue;
      if (begun !== null && index === begun.index) await this.#publish(partition, begun.above, 'begun', waiting);
      else {
        const above = await this.#highest(partition, waiting);
        // of a later one too something may have been done, if what said so was overtaken
        const doubt = begun === null ? 'none' : 'little';
        await this.#write(index, above, waiting);
        await this.#publish(partition, doubt === 'none' ? above : partition.above, doubt, waiting);
      }
    }
    await this.#write(this.#partitions.length, null, waiting);
  }

  /** Of partitions that were all seen to be published: writes down that they are. */
  async secure(waiting: Waiting): Promise<void> {
    const begun = await this.#mark(waiting);
    if (begun === 'gone' || (begun !== null && begun.index >= this.#partitions.length)) return;
    await this.#write(this.#partitions.length, null, waiting);
  }

  /**
   * `target`: all of it was published. `draft`: nothing was begun. `either`: what is left can be published. Fails with
   * ATLAS_CH_COMMIT_UNKNOWN where that cannot be told.
   */
  async compare(at: 'draft' | 'target' | 'either', waiting: Waiting): Promise<Likeness> {
    const begun = await this.#mark(waiting);
    if (begun === 'gone') return 'absent';
    const staged = await findParts(this.#place, this.#stage, waiting);
    if (at === 'target') {
      const isDone = this.#replaces ? begun !== null && begun.index >= this.#partitions.length : staged.length === 0;
      if (isDone && (begun !== null || this.#partitions.length === 0)) return 'same';
      return begun === null ? 'absent' : 'other';
    }
    if (at === 'draft' && begun !== null) return 'other';
    for (const [index, partition] of this.#partitions.entries()) {
      if (begun !== null && index < begun.index) continue;
      const parts = this.#of(partition, staged);
      if (begun !== null && index === begun.index) await this.#judge(partition, begun.above, parts, waiting);
      else if (!sameHashes(partition, parts)) return 'other';
    }
    return 'same';
  }

  async #mark(waiting: Waiting): Promise<PartitionMark | null | 'gone'> {
    const stage = await findTable(this.#place, this.#stage, waiting);
    return stage === null ? 'gone' : readPartitionMark(stage);
  }

  async #write(index: number, above: string | null, waiting: Waiting): Promise<void> {
    const mark = { index, of: this.#partitions.length, above, host: hostname() };
    await writePartitionMark(this.#place, this.#stage, mark, waiting);
  }

  async #publish(
    partition: StagedPartition,
    above: string | null,
    doubt: 'none' | 'little' | 'begun',
    waiting: Waiting,
  ): Promise<void> {
    const place = this.#place;
    const { queryId } = partition;
    if (doubt !== 'none') await awaitStatement(place, queryId, waiting);
    for (let attempt = 1, isNew = doubt === 'none'; ; attempt += 1, isNew = false) {
      const staged = await this.#left(partition, waiting);
      if (!this.#replaces && staged.length === 0) return;
      if (!isNew && (await this.#isThere(partition, above, staged, doubt === 'begun' || attempt > 1, waiting))) return;
      try {
        await place.command(this.#sql(partition, staged), waiting, this.#how(partition));
        if (this.#replaces) return;
        if (this.#step === 'insert') await this.#drop(staged, waiting);
        if ((await this.#left(partition, waiting)).length === 0) return;
        throw this.#unknown(partition, 'the server said that it was moved, and parts are left');
      } catch (error) {
        if (!isLost(error) || attempt === ATTEMPTS) throw error;
        if (!(await awaitStatement(place, queryId, waiting))) throw error;
      }
    }
  }

  /** Whether nothing is left to do; what was moved and is staged still is dropped from the staging table. */
  async #isThere(
    partition: StagedPartition,
    above: string | null,
    staged: readonly Part[],
    strict: boolean,
    waiting: Waiting,
  ): Promise<boolean> {
    const there = await this.#judge(partition, above, staged, waiting, strict);
    if (this.#replaces) return there.length === staged.length && staged.length > 0;
    await this.#drop(there, waiting);
    return there.length === staged.length;
  }

  async #drop(parts: readonly Part[], waiting: Waiting): Promise<void> {
    for (const { name } of parts) {
      await this.#place.command(`ALTER TABLE ${this.#place.sql(this.#stage)} DROP PART ${quoteText(name)}`, waiting);
    }
  }

  #sql({ id }: StagedPartition, staged: readonly Part[]): string {
    const { live } = this.#place;
    const stage = this.#place.sql(this.#stage);
    if (this.#step === 'replace') return `ALTER TABLE ${live} REPLACE ${partitionSql(id)} FROM ${stage}`;
    if (this.#step === 'move') return `ALTER TABLE ${stage} MOVE ${partitionSql(id)} TO TABLE ${live}`;
    return `INSERT INTO ${live} SELECT * FROM ${stage} WHERE _part = ${quoteText(staged[0]?.name ?? '')}`;
  }

  #how({ queryId }: StagedPartition): Omit<Statement, 'sql'> {
    if (this.#step !== 'insert') return { queryId };
    return { queryId, settings: { ...BLOCK_SETTINGS, insert_deduplication_token: queryId } };
  }

  /** Those of the staged parts that are in the target. */
  async #judge(
    partition: StagedPartition,
    above: string | null,
    staged: readonly Part[],
    waiting: Waiting,
    strict = true,
  ): Promise<readonly Part[]> {
    if (staged.length === 0) return [];
    const all = await findParts(this.#place, this.#place.table, waiting);
    const live = all.filter((part) => part.partition === partition.id);
    const from = above === null ? null : BigInt(above);
    if (this.#replaces) return this.#judgeReplaced(partition, from, staged, live);
    const judge = this.#step === 'insert' ? judgeInserted : judgePartition;
    const judged = judge(partition, from, staged, live);
    if (judged.kind === 'known') return judged.there;
    if (!strict) return [];
    throw this.#unknown(partition, judged.why);
  }

  /** Replacing again does no harm, unless somebody has written to the partition since. */
  #judgeReplaced(
    partition: StagedPartition,
    above: bigint | null,
    staged: readonly Part[],
    live: readonly Part[],
  ): readonly Part[] {
    const recorded = new Set(partition.hashes);
    const since = live.filter(({ lastBlock }) => above === null || lastBlock > above);
    const isReplaced =
      since.length === live.length && staged.every(({ hash }) => since.some((part) => part.hash === hash));
    if (isReplaced) return staged;
    const other = since.find(({ hash }) => !recorded.has(hash));
    if (other === undefined) return [];
    throw this.#unknown(partition, `the target's part ${other.name} was written since`);
  }

  async #left(partition: StagedPartition, waiting: Waiting): Promise<readonly Part[]> {
    return this.#of(partition, await findParts(this.#place, this.#stage, waiting));
  }

  /** Those of staged parts that are a partition's; of parts of the same content, as many as there are steps to come wait for theirs. */
  #of(partition: StagedPartition, staged: readonly Part[]): readonly Part[] {
    const parts = staged.filter((part) => part.partition === partition.id);
    if (this.#step !== 'insert') return parts;
    const [hash] = partition.hashes;
    const later = this.#partitions.slice(this.#partitions.indexOf(partition) + 1);
    const waiting = later.filter((each) => each.id === partition.id && each.hashes[0] === hash).length;
    const same = parts.filter((part) => part.hash === hash);
    return same.slice(0, same.length > waiting ? 1 : 0);
  }

  async #highest({ id }: StagedPartition, waiting: Waiting): Promise<string | null> {
    const highest = highestBlocks(await findParts(this.#place, this.#place.table, waiting));
    return highest.get(id)?.toString() ?? null;
  }

  #unknown({ id, rows }: StagedPartition, why: string): AtlasError {
    const { draft } = this.#staged;
    const live = this.#place.called(this.#place.table);
    return new AtlasError(
      'ATLAS_CH_COMMIT_UNKNOWN',
      `it cannot be told whether ${rows} rows of partition ${id} in ${draft} are in ${live} too: ${why}`,
      {
        place: { file: this.#place.target },
        hint: `Compare the two. Either see to it that ${live} holds all of them, and TRUNCATE ${draft}; or that it holds none, and DROP ${draft}. Then run again.`,
      },
    );
  }
}

function sameHashes({ hashes }: StagedPartition, parts: readonly Part[]): boolean {
  const found = parts.map(({ hash }) => hash).sort();
  return found.length === hashes.length && found.every((hash, index) => hash === hashes[index]);
}
