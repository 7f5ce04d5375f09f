import { hiddenName } from '../../hidden-name.ts';
import { isDead, isDeadClaim } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreOptions } from '../../store.ts';
import type { Call } from '../call/call.ts';
import { readStatuses } from '../file-status.ts';
import { removePath } from '../remove-path.ts';
import type { LockedName } from './lock-files.ts';
import { beatPath, readLock } from './lock-files.ts';

/** What follows a target's hidden name in the names of claims, successors and signs of life; `file-…` stands for a torn lock. */
const LEFT = /^\.([0-9a-f]{8}-\d+-(?:\d+|x)-[0-9a-f]{12}|file-\d+-x-torn)\.atlas-(claim|lock|beat)$/;

/**
 * Removes what runs left that were killed on their way to this lock, or while they held it: only what nobody touched for a lease by the
 * NameNode's clock (`now`, nanoseconds), or what is of a process of this machine that is dead. Call it while holding the lock: `own` = our
 * claim. The names are given once in the world, so that removing one by its path removes nobody else's.
 */
export async function sweepLocks(
  of: LockedName,
  { own, now, lease }: { readonly own: string; readonly now: bigint; readonly lease: bigint },
  options: StoreOptions,
): Promise<void> {
  const { nodes, folder, name } = of;
  const call: Call = { method: 'GET', op: 'LISTSTATUS', path: folder, repeatable: true };
  const entries = await nodes.call(call, options, (answer) => readStatuses(call, answer));
  const prefix = hiddenName(name, '');
  const times = new Map(
    entries.map((entry) => [joinPath(folder, entry.pathSuffix), BigInt(entry.modificationTime) * 1_000_000n]),
  );
  for (const { pathSuffix } of entries) {
    const [, claim, kind] = LEFT.exec(pathSuffix.startsWith(prefix) ? pathSuffix.slice(prefix.length) : '') ?? [];
    if (claim === undefined || claim === own) continue;
    const path = joinPath(folder, pathSuffix);
    if (kind === 'lock') {
      // a successor is named after the claim it took over from; its content holds its own
      const left = await readLock(of, path, null, options);
      const isLeft = left !== null && ((left.owner !== null && isDead(left.owner, false)) || now - left.beat > lease);
      if (isLeft) await removePath(nodes, path, options);
      continue;
    }
    const touched = [times.get(path), times.get(beatPath(of, claim))].map((time) => time ?? 0n);
    const isLeft = isDeadClaim(claim) || touched.every((time) => now - time > lease);
    if (isLeft) await removePath(nodes, path, options);
  }
}
