import { createHash } from 'node:crypto';
import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Abortable } from '../flow/source.ts';
import type { Json } from '../flow/task.ts';
import { canonicalJson } from '../plan/hash-plan.ts';
import type { Stores } from '../registry.ts';

/**
 * What a reject file cannot say itself and a replay needs: the plan that its rows were read by, and how each input was laid out. It
 * lies beside the reject file and not in the ledger because a plan holds constants that may be sensitive, and the ledger none.
 */
export interface ReplaySidecar {
  readonly run: string;
  readonly plan: DatasetPlan;
  /** The survey's. */
  readonly state: Json;
}

const VERSION = 1;

/** Where the sidecar of a reject file lies. */
export function sidecarPath(rejects: string): string {
  return `${rejects}.plan.json`;
}

/** The sidecar as it is written: with a checksum, so that what is not as it was written is never followed. */
export function sidecarText({ run, plan, state }: ReplaySidecar): string {
  const body = { replay_version: VERSION, run, plan, state };
  return `${JSON.stringify({ ...body, sha256: checksum(body) })}\n`;
}

/**
 * Reads the sidecar of a run's reject file. Fails with ATLAS_REPLAY_FILE where it is gone, changed, or of another run, and with
 * ATLAS_HDFS_* or ATLAS_CONNECTION_UNKNOWN where it cannot be reached.
 */
export async function readSidecar(
  rejects: string,
  run: string,
  { stores, signal }: Abortable & { readonly stores: Stores },
): Promise<ReplaySidecar> {
  const path = sidecarPath(rejects);
  const fail = (message: string, hint: string, cause?: unknown): AtlasError =>
    new AtlasError('ATLAS_REPLAY_FILE', message, { cause, place: { file: path }, hint });
  let text: string;
  let there = true;
  try {
    const store = await stores.of(path);
    there = (await store.look(path, { signal })).kind !== 'absent';
    await using reader = await store.open(path, { signal });
    text = Buffer.from(await reader.read(0, reader.length)).toString('utf8');
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof AtlasError) || cause.code !== 'ATLAS_STORE_WRITE') throw cause;
    const why = there ? 'nobody can read the' : 'there is no';
    const hint = 'The run wrote it beside its reject file; without it nobody knows how the rows were read.';
    throw fail(`${why} plan of run ${run} at ${path}`, hint, cause);
  }
  const found = parse(text);
  if (found === null) throw fail(`${path} is not as run ${run} wrote it`, 'Put back the one that the run wrote.');
  if (found.run === run) return found;
  const hint =
    'A later run wrote its rejects into the same file: replay that one, or let rejects end in / from now on.';
  throw fail(`${rejects} holds the rejects of run ${found.run} by now, not those of run ${run}`, hint);
}

function parse(text: string): ReplaySidecar | null {
  try {
    const { sha256, ...body } = JSON.parse(text) as ReplaySidecar & { replay_version: number; sha256: string };
    return body.replay_version === VERSION && sha256 === checksum(body) ? body : null;
  } catch {
    return null;
  }
}

function checksum(body: object): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}
