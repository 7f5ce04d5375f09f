import { AtlasError } from '../errors.ts';
import type { Ledger, RunRecord } from '../flow/ledger.ts';
import { ledgerName } from '../ledger/ledger-name.ts';
import { findLedger } from '../registry.ts';
import { whereLedger } from './folders.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** Opens the ledger for a command that only reads; null where nothing has run yet (reading must not make one). `name` is for people. */
export async function withLedger<T>(
  options: GlobalOptions,
  io: Io,
  read: (ledger: Ledger | null, name: string) => Promise<T>,
): Promise<T> {
  const where = whereLedger(options, io);
  await using ledger = await findLedger(where);
  return await read(ledger, ledgerName(where));
}

/** Runs that a prefix is looked for in, newest first. */
const REACH = 10_000;

/** Finds a run by its id, the start of it, or `last`. Fails with ATLAS_RUN_UNKNOWN, naming what there is. */
export async function findRun(ledger: Ledger | null, text: string, path: string): Promise<RunRecord> {
  if (ledger === null) throw new AtlasError('ATLAS_RUN_UNKNOWN', `nothing has run yet: there is no ledger at ${path}`);
  const exact = text === 'last' ? (await ledger.runs({ ocs: null, limit: 1 }))[0] : await ledger.run(text);
  if (exact) return exact;
  const runs = text === '' ? [] : await ledger.runs({ ocs: null, limit: REACH });
  const found = runs.filter(({ id }) => id.startsWith(text) || id.split('-')[1]?.startsWith(text));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) {
    const ids = found.slice(0, 5).map(({ id }) => id);
    throw new AtlasError('ATLAS_RUN_UNKNOWN', `${text} is the start of ${found.length} runs: ${ids.join(', ')}`, {
      hint: 'Give more of its id.',
    });
  }
  throw new AtlasError('ATLAS_RUN_UNKNOWN', `there is no run ${JSON.stringify(text)} in ${path}`);
}
