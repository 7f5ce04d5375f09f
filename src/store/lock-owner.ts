import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock: enough to tell on the same machine whether that process still lives. Null = not known here. */
export interface LockOwner {
  /** Names the claim and, on its own machine, its process: `<machine>-<pid>-<start>-<random>`. */
  readonly claim: string;
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  /** The kernel's boot id. */
  readonly boot: string | null;
  /** Process-number namespace: two containers of one machine share a boot id, not their process numbers. */
  readonly space: string | null;
  /** Start of the process, in clock ticks since boot. */
  readonly start: string | null;
}

/** This process as the owner of a new claim. */
export function newOwner(run: string): LockOwner {
  const { boot, space } = machine();
  const start = startOf(process.pid);
  const claim = `${machineKey()}-${process.pid}-${start ?? 'x'}-${randomBytes(6).toString('hex')}`;
  return { claim, run, host: hostname(), pid: process.pid, boot, space, start };
}

/** Reads an owner from a lock's content; null where it is torn or not ours. */
export function parseOwner(text: string): LockOwner | null {
  try {
    const owner = JSON.parse(text) as Partial<LockOwner> | null;
    if (typeof owner?.claim !== 'string' || typeof owner.run !== 'string' || !Number.isInteger(owner.pid)) return null;
    const { claim, run, pid } = owner;
    return {
      claim,
      run,
      pid: pid as number,
      host: owner.host ?? '',
      boot: owner.boot ?? null,
      space: owner.space ?? null,
      start: owner.start ?? null,
    };
  } catch {
    return null;
  }
}

/**
 * Whether the owner's process is gone for certain. `own` says that no other machine can reach the file system: then
 * another boot id means a boot that is over. Where this cannot be known the answer is no, and the lease decides.
 */
export function isDead(owner: LockOwner, own: boolean): boolean {
  const me = machine();
  if (owner.boot !== null && me.boot !== null && owner.boot !== me.boot) return own;
  if (owner.boot !== me.boot || owner.space !== me.space) return false;
  if (owner.boot === null && owner.host !== hostname()) return false;
  return isGone(owner.pid, owner.start);
}

/** The same for a claim of which only the name is known (its content was never written). */
export function isDeadClaim(claim: string): boolean {
  const [key, pid, start] = claim.split('-');
  if (key !== machineKey() || machine().boot === null || pid === undefined) return false;
  return isGone(Number(pid), start === 'x' ? null : (start ?? null));
}

function isGone(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = startOf(pid);
  if (start !== null && now !== null && start !== now) return true;
  return isZombie(pid);
}

/** A killed process that nobody has waited for; while one of its threads still runs it may yet change the disk. */
function isZombie(pid: number): boolean {
  try {
    const state = fieldsOf(pid)[0];
    return (state === 'Z' || state === 'X') && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return false;
  }
}

function startOf(pid: number): string | null {
  try {
    return fieldsOf(pid)[19] ?? null;
  } catch {
    return null;
  }
}

/** The fields of /proc/pid/stat from the third (state) on; the second may hold blanks and brackets. */
function fieldsOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

let known: { readonly boot: string | null; readonly space: string | null } | null = null;

function machine(): { readonly boot: string | null; readonly space: string | null } {
  known ??= {
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    space: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
  return known;
}

function machineKey(): string {
  const { boot, space } = machine();
  return createHash('sha256').update(`${boot} ${space} ${hostname()}`).digest('hex').slice(0, 8);
}

function attempt(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
