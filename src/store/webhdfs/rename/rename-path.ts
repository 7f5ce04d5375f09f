import { AtlasError } from '../../../errors.ts';
import type { Found, StoreOptions } from '../../store.ts';
import { booleanCall } from '../call/boolean-call.ts';
import { type Call, LostAnswer } from '../call/call.ts';
import { emptyCall } from '../call/empty-call.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { pathInside } from '../call/path-inside.ts';
import { lookAt, lookAtExisting } from '../look-at.ts';

/** What a rename keeps. */
type There = Pick<Exclude<Found, { kind: 'absent' }>, 'inode' | 'length'>;

/**
 * Renames in one step, replacing what is at `to` (a folder there must be empty). The proof is a look afterwards, whether there was an
 * answer or not: the same file id and length at `to`. It is sent once: a lost answer is looked for, `attempts` times, and never answered
 * by asking again. Fails with ATLAS_HDFS_UNCERTAIN where it is not seen to have happened, for it may yet happen.
 */
export async function renameOver(nodes: NameNodes, from: string, to: string, options: StoreOptions): Promise<void> {
  const before = await lookAtExisting(nodes, from, options);
  const parameters = { destination: pathInside(to, nodes.plan.name), renameoptions: 'OVERWRITE' };
  const call: Call = { method: 'PUT', op: 'RENAME', path: from, parameters, repeatable: false };
  try {
    await emptyCall(nodes, call, options);
  } catch (error) {
    if (error instanceof LostAnswer) return await lookForIt(nodes, { before, from, to }, error, options);
    // a refusal is believed, unless the file is seen to have moved all the same
    if (isDenied(error) || !(await hasMoved(nodes, before, to, options).catch(() => false))) throw error;
    return;
  }
  if (await hasMoved(nodes, before, to, options)) return;
  throw new AtlasError(
    'ATLAS_HDFS_UNCERTAIN',
    `RENAME ${from} to ${to} was answered as done, but ${to} is not that file`,
    {
      place: { file: to },
    },
  );
}

/**
 * Renames to a name that must be free; answers whether it was, and whether what stands there now is `known`, or else what was seen at `from`.
 * Fails as `renameOver` does.
 */
export async function renameToFree(
  nodes: NameNodes,
  from: string,
  to: string,
  options: StoreOptions,
  known: There | null = null,
): Promise<boolean> {
  const before = known ?? (await lookAtExisting(nodes, from, options));
  const parameters = { destination: pathInside(to, nodes.plan.name) };
  const call: Call = { method: 'PUT', op: 'RENAME', path: from, parameters, repeatable: false };
  try {
    // a gateway that asked twice by itself says false of what it did
    await booleanCall(nodes, call, options);
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error;
    await lookForIt(nodes, { before, from, to }, error, options);
    return true;
  }
  return hasMoved(nodes, before, to, options);
}

/** After a lost answer: the request may still be under way, or be carried out by a NameNode that is slow. */
async function lookForIt(
  nodes: NameNodes,
  { before, from, to }: { readonly before: There; readonly from: string; readonly to: string },
  lost: LostAnswer,
  options: StoreOptions,
): Promise<void> {
  const { attempts } = nodes.plan;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await looked(() => hasMoved(nodes, before, to, options), lost, options)) return;
    if (attempt < attempts) await nodes.pause(attempt, options.signal);
  }
  const message = `the answer to RENAME ${from} to ${to} was lost, and it was not seen to happen; it is not asked for again`;
  throw new AtlasError('ATLAS_HDFS_UNCERTAIN', message, { place: { file: to }, cause: lost.cause });
}

/** A look that cannot be had leaves it as uncertain as it was. */
async function looked<T>(look: () => Promise<T>, lost: LostAnswer, { signal }: StoreOptions): Promise<T> {
  try {
    return await look();
  } catch {
    signal.throwIfAborted();
    throw lost;
  }
}

async function hasMoved(nodes: NameNodes, before: There, to: string, options: StoreOptions): Promise<boolean> {
  const now = await lookAt(nodes, to, options);
  return now.kind !== 'absent' && now.inode === before.inode && now.length === before.length;
}

function isDenied(error: unknown): boolean {
  const codes: readonly string[] = ['ATLAS_HDFS_DENIED', 'ATLAS_HDFS_AUTH', 'ATLAS_HDFS_UNAVAILABLE'];
  return !(error instanceof AtlasError) || codes.includes(error.code);
}
