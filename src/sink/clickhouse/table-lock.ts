import { setTimeout as sleep } from 'node:timers/promises';
import { AtlasError } from '../../errors.ts';
import type { TargetLock } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { isDead, type LockOwner, newOwner, parseOwner } from '../../store/lock-owner.ts';
import { dropTable } from './drop-table.ts';
import { isLost } from './is-lost.ts';
import { quoteText } from './server/quote-text.ts';
import { exceptionNumber } from './server/server-exception.ts';
import type { TablePlace } from './table-place.ts';

/** A lock whose owner gave no sign of life for so long, by the server's clock, may be taken over. */
const LEASE_SECONDS = 120;
const BEAT_EVERY_MS = 20_000;
/** Times that a lock may be seen to change hands before the contender gives up. */
const MOST_TURNS = 10;
const PAUSE_MS = 50;
/** TABLE_ALREADY_EXISTS. */
const EXISTS = 57;
/** UNKNOWN_TABLE. */
const MISSING = 60;

/** A lock as it stands. */
interface Standing {
  readonly uuid: string;
  readonly owner: LockOwner | null;
  /** Seconds since its last sign of life. */
  readonly age: number;
}

const LOCK = `SELECT toString(uuid) AS uuid, comment, dateDiff('second', metadata_modification_time, now()) AS age
FROM system.tables WHERE database = {database:String} AND name = {name:String}`;

/**
 * Holds a target: a table without rows beside it, which the server makes for one contender only. Whose it is its comment tells, and that
 * its owner lives the time of its last change. A dead owner's lock is given a name of the contender's own, and dropped only if it is seen
 * to be the one that was judged; which lock counts is told by the table's id. Fails with ATLAS_TARGET_LOCKED.
 */
export async function acquireTableLock(place: TablePlace, run: string, options: Abortable): Promise<TargetLock> {
  const owner = newOwner(run);
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const uuid = await create(place, owner, options);
    if (uuid !== null) return new TableLock(place, owner, uuid);
    const standing = await look(place, options);
    if (standing === null) continue;
    if (!isStale(standing)) throw lockedBy(place, standing);
    await takeAway(place, standing, owner, options);
    await sleep(PAUSE_MS * Math.random(), undefined, options);
  }
  throw new AtlasError(
    'ATLAS_CH_BUSY',
    `the lock ${place.called(place.lockName)} could not be taken in ${MOST_TURNS} turns, though nobody is seen to hold it`,
    { place: { file: place.target } },
  );
}

/** The id of our lock; null where there is one already. */
async function create(place: TablePlace, owner: LockOwner, options: Abortable): Promise<string | null> {
  const comment = quoteText(JSON.stringify(owner));
  const name = place.sql(place.lockName);
  try {
    await place.command(`CREATE TABLE ${name} (held UInt8) ENGINE = Null COMMENT ${comment}`, options);
  } catch (error) {
    if (!isLost(error) && exceptionNumber(error) !== EXISTS) throw error;
  }
  const standing = await look(place, options);
  return standing?.owner?.claim === owner.claim ? standing.uuid : null;
}

async function look(place: TablePlace, options: Abortable, name = place.lockName): Promise<Standing | null> {
  const [row] = await place.query(LOCK, options, { name });
  if (row === undefined) return null;
  return { uuid: String(row['uuid']), owner: parseOwner(String(row['comment'])), age: Number(row['age']) };
}

/** Whether nobody holds it any more: its process died on this machine, or its lease ran out. */
function isStale({ owner, age }: Standing): boolean {
  return (owner !== null && isDead(owner, false)) || age > LEASE_SECONDS;
}

/** Removes a dead owner's lock. One that somebody else took meanwhile is given back; where that is too late its owner will see that it is lost. */
async function takeAway(place: TablePlace, stale: Standing, owner: LockOwner, options: Abortable): Promise<void> {
  const name = `${place.lockName}~${owner.claim}`;
  const again = await look(place, options);
  if (again?.uuid !== stale.uuid || !isStale(again)) return;
  try {
    await place.command(`RENAME TABLE ${place.sql(place.lockName)} TO ${place.sql(name)}`, options);
  } catch (error) {
    const number = exceptionNumber(error);
    if (number === MISSING) return;
    if (!isLost(error) && number !== EXISTS) throw error;
  }
  const moved = await look(place, options, name);
  if (moved === null) return;
  if (moved.uuid === stale.uuid && isStale(moved)) return dropTable(place, name, options);
  await place
    .command(`RENAME TABLE ${place.sql(name)} TO ${place.sql(place.lockName)}`, options)
    .catch((error: unknown) => {
      if (exceptionNumber(error) !== EXISTS) throw error;
      return dropTable(place, name, options);
    });
}

function lockedBy(place: TablePlace, { owner, age }: Standing): AtlasError {
  const who =
    owner === null ? 'somebody who does not say who' : `run ${owner.run} on ${owner.host} (process ${owner.pid})`;
  return new AtlasError('ATLAS_TARGET_LOCKED', `${place.target} is held by ${who}, seen ${age} s ago`, {
    place: { file: place.target },
  });
}

class TableLock implements TargetLock {
  readonly #place: TablePlace;
  readonly #owner: LockOwner;
  readonly #uuid: string;
  readonly #timer: NodeJS.Timeout;
  readonly #life = new AbortController();
  #beating: Promise<void> = Promise.resolve();

  constructor(place: TablePlace, owner: LockOwner, uuid: string) {
    this.#place = place;
    this.#owner = owner;
    this.#uuid = uuid;
    this.#timer = setInterval(() => {
      const beat = this.#beating.then(() => this.#beat());
      // `confirm` says what became of it
      this.#beating = beat.catch(() => {});
    }, BEAT_EVERY_MS);
    this.#timer.unref();
  }

  async confirm(options: Abortable): Promise<void> {
    let standing = await look(this.#place, options);
    // it may be in the hands of somebody who took it for another's, and gives it back
    for (let turn = 1; standing === null && turn < MOST_TURNS; turn += 1) {
      await sleep(PAUSE_MS, undefined, options);
      standing = await look(this.#place, options);
    }
    if (standing?.uuid === this.#uuid && standing.age < LEASE_SECONDS) return;
    if (standing?.uuid === this.#uuid) {
      await this.#beat();
      const again = await look(this.#place, options);
      if (again?.uuid === this.#uuid) return;
      standing = again;
    }
    const who = standing?.owner ? `run ${standing.owner.run} on ${standing.owner.host}` : 'nobody we know';
    const name = this.#place.called(this.#place.lockName);
    throw new AtlasError('ATLAS_LOCK_LOST', `${name} was held by run ${this.#owner.run} and is now held by ${who}`, {
      place: { file: this.#place.target },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#life.abort();
    await this.#beating;
    const options = { signal: new AbortController().signal };
    try {
      if ((await look(this.#place, options))?.uuid !== this.#uuid) return;
      await dropTable(this.#place, this.#place.lockName, options);
    } catch {
      // out of reach: the lease runs out, and no error here may hide the one that ended the run
    }
  }

  /** A sign of life: the comment is written anew, only where the lock is seen to be ours. */
  async #beat(): Promise<void> {
    const options = { signal: this.#life.signal };
    if ((await look(this.#place, options))?.uuid !== this.#uuid) return;
    const comment = quoteText(JSON.stringify({ ...this.#owner, beat: Date.now() }));
    const name = this.#place.sql(this.#place.lockName);
    await this.#place.command(`ALTER TABLE ${name} MODIFY COMMENT ${comment}`, options);
  }
}
