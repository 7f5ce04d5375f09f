import type { CrashSite, Variant } from './crash-site.ts';
import type { Moment } from './crash-trial.ts';
import type { Call, Injection } from './strace.ts';

/** System calls at which a run is killed: whatever can change a disk, and what comes between. */
export const DEADLY: readonly string[] = [
  ...['openat', 'close', 'pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'fchmod', 'chmod'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir'],
];

/** Those at which the disk answers with an error instead. */
export const FAILING: readonly string[] = DEADLY.filter((syscall) => syscall !== 'close');

/** Bounds of row groups that runs differ in. */
export const BOUNDS: readonly number[] = [40, 125];

/** A seeded source of choices (linear congruential, period 2^32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to `sides` − 1. */
  roll(sides: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * sides);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)]!;
  }

  shuffle<T>(from: readonly T[]): readonly T[] {
    const items = [...from];
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.roll(last + 1);
      [items[last], items[other]] = [items[other]!, items[last]!];
    }
    return items;
  }
}

function variant(dice: Dice, workers = 1 + dice.roll(2)): Variant {
  return { input: 'new', groupRows: dice.pick(BOUNDS), workers };
}

/** Numbers of the calls that touch the site, by system call, as an undisturbed run makes them. */
export function callsOfSite(
  calls: readonly Call[],
  site: Pick<CrashSite, 'root'>,
): ReadonlyMap<string, readonly number[]> {
  const counters = new Map<string, number>();
  const found = new Map<string, Set<number>>();
  for (const { thread, syscall, line } of calls) {
    const key = `${thread} ${syscall}`;
    const number = (counters.get(key) ?? 0) + 1;
    counters.set(key, number);
    if (!line.includes(site.root)) continue;
    const numbers = found.get(syscall) ?? new Set();
    found.set(syscall, numbers.add(number));
  }
  return new Map([...found].map(([syscall, numbers]) => [syscall, [...numbers].sort((a, b) => a - b)]));
}

/** A kill at every call that touches the site; every third time the recovery is killed too. */
export async function killsAtCalls(site: CrashSite, dice: Dice): Promise<readonly Moment[]> {
  const moments: Moment[] = [];
  for (const groupRows of BOUNDS) {
    const killed = { input: 'new', groupRows, workers: 1 } as const;
    const calls = callsOfSite(await site.trace(killed, DEADLY), site);
    const blows = [...calls].flatMap(([syscall, numbers]) => numbers.map((when) => kill(syscall, when)));
    for (const injection of blows) {
      const again = dice.roll(3) === 0 ? { variant: variant(dice, 1), blow: { injection: dice.pick(blows) } } : null;
      moments.push({ killed, blow: { injection }, recovery: again, next: variant(dice) });
    }
  }
  return moments;
}

/** Kills at random times of a run, needing no tracer; every other time the recovery is killed too. */
export function killsInTime(count: number, milliseconds: number, dice: Dice): readonly Moment[] {
  const blow = () => ({ killAfter: dice.roll(Math.ceil(milliseconds * 1.1)) });
  return Array.from({ length: count }, (_, index) => ({
    killed: variant(dice),
    blow: blow(),
    recovery: index % 2 === 0 ? null : { variant: variant(dice), blow: blow() },
    next: variant(dice),
  }));
}

/** A full disk and a broken one, at every call that touches the site, once and for ever. */
export async function errorsAtCalls(site: CrashSite, dice: Dice): Promise<readonly Moment[]> {
  const killed = { input: 'new', groupRows: BOUNDS[1]!, workers: 1 } as const;
  const calls = callsOfSite(await site.trace(killed, FAILING), site);
  return [...calls].flatMap(([syscall, numbers]) =>
    numbers.flatMap((when) =>
      (['EIO', 'ENOSPC'] as const).flatMap((what) =>
        [false, true].map((forever) => ({
          killed,
          blow: { injection: { syscall, when, what, forever } },
          recovery: null,
          next: variant(dice),
        })),
      ),
    ),
  );
}

function kill(syscall: string, when: number): Injection {
  return { syscall, when, what: 'kill', forever: false };
}
