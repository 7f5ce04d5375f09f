import { hiddenName } from '../../hidden-name.ts';
import { isDead, isDeadClaim } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreOptions } from '../../store.ts';
import type { Call } from '../call/call.ts';
import { readStatuses } from '../file-status.ts';
import { removePath } from '../remove-path.ts';
import { type LockedName, lifePath, type OwnClaim, readLock } from './lock-files.ts';
import { readLife } from './lock-life.ts';

/** What follows a target's hidden name in the names of claims, successors and lives; `file-…-x-torn` stands for a torn lock. */
const LEFT =
  /^\.(?:([0-9a-f]{8}-\d+-(?:\d+|x)-[0-9a-f]{12}|file-\d+-x-torn)\.atlas-(?:claim|lock)|file-(\d+)\.atlas-beat)$/;

/**
 * Removes what runs left that were killed on their way to this lock, or while they held it: only what nobody touched for a lease by the
 * NameNode's clock, or what is of a process of this machine that is dead. Call it while holding the lock: `own` = our
 * claim. The names are given once in the world, so that removing one by its path removes nobody else's.
 */
export async function sweepLocks(
  of: LockedName,
  { own, lease }: { readonly own: OwnClaim; readonly lease: bigint },
  options: StoreOptions,
): Promise<void> {
  const { nodes, folder, name } = of;
  const call: Call = { method: 'GET', op: 'LISTSTATUS', path: folder, repeatable: true };
  const entries = await nodes.call(call, options, (answer) => readStatuses(call, answer));
  const prefix = hiddenName(name, '');
  const times = new Map(
    entries.map((entry) => [joinPath(folder, entry.pathSuffix), BigInt(entry.modificationTime) * 1_000_000n]),
  );
  // our last sign of life
  const now = times.get(lifePath(of, own.inode)) ?? 0n;
  const isOver = (time: bigint): boolean => now - time > lease;
  const lives: string[] = [];
  for (const { pathSuffix, fileId } of entries) {
    const suffix = pathSuffix.startsWith(prefix) ? pathSuffix.slice(prefix.length) : '';
    const [, claim, inode] = LEFT.exec(suffix) ?? [];
    const path = joinPath(folder, pathSuffix);
    if (inode !== undefined && inode !== own.inode) lives.push(path);
    if (claim === undefined || claim === own.owner.claim) continue;
    if (suffix.endsWith('-lock')) {
      // a successor is named after the claim it took over from; whose it is its life tells
      const left = await readLock(of, path, null, options);
      const isLeft = left !== null && ((left.owner !== null && isDead(left.owner, false)) || isOver(left.beat));
      if (isLeft) await removePath(nodes, path, options);
      continue;
    }
    const touched = [times.get(path), times.get(lifePath(of, String(fileId)))].map((time) => time ?? 0n);
    if (isDeadClaim(claim) || touched.every(isOver)) await removePath(nodes, path, options);
  }
  // after what they tell of
  for (const path of lives) {
    const life = await readLife(nodes, path, options);
    if (life === null) continue;
    if ((life.owner !== null && isDead(life.owner, false)) || isOver(life.beat)) await removePath(nodes, path, options);
  }
}
