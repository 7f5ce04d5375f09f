import { AtlasError } from '../errors.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { StagedFile } from '../flow/sink.ts';
import { openStores } from '../registry.ts';
import { checkFile } from './check-file.ts';
import type { VerifyOptions } from './command-options.ts';
import { connectionsNow } from './connections-now.ts';
import type { Finding, Look } from './finding.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { shortPath } from './render-receipts.ts';
import { snakeKeys } from './snake-keys.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { isTableTarget } from './table-target.ts';
import { humanBytes, humanCount } from './units.ts';
import { verifyTable } from './verify-table.ts';
import { findRun, withLedger } from './with-ledger.ts';

/** `atlas-ingest verify`: counts the rows by the files' own footers and checksums them again, and tables by their partitions; exits 1 on any difference. */
export async function verify(options: VerifyOptions, io: Io): Promise<number> {
  return withLedger(options, io, async (ledger, path) => {
    const run = await findRun(ledger, options.run, path);
    const receipts = ((await ledger?.receipts(run.id)) ?? []).filter(({ outcome }) => outcome === 'published');
    const targets = receipts.map(({ target }) => target);
    const connections = await connectionsNow(run.ocs, targets, options, io);
    await using stores = openStores(connections);
    using stop = stopOnSignal('text', io);
    const look: Look = { stores, signal: stop.signal };
    const findings: Finding[] = [];
    for (const receipt of receipts) {
      if (receipt.table !== undefined) {
        findings.push(await verifyTable(receipt, connections, look));
        continue;
      }
      const later = await publishedSince(ledger, receipt);
      // one file goes on as another one; in a folder the old ones stay beside the new
      const held = isFolder(receipt) ? receipt : await lastReplay(ledger, receipt);
      for (const file of held.files) findings.push(await examine(held, file, receipt, later, look));
    }
    const bad = findings.filter(({ problem }) => problem !== null);
    if (options.json) {
      const ok = bad.length === 0;
      io.stdout.write(`${JSON.stringify({ verify_version: 1, run: run.id, ok, files: snakeKeys(findings) })}\n`);
    } else print(findings, run.id, io);
    if (bad.length === 0) return 0;
    const [first] = bad as [Finding];
    const message =
      `${bad.length} of ${findings.length} files and tables of run ${run.id} are not what was published; the first: ` +
      `${first.dataset}: ${first.problem}`;
    throw new AtlasError('ATLAS_VERIFY_FAILED', message, { place: { file: first.path } });
  });
}

async function examine(
  receipt: Receipt,
  file: StagedFile,
  asked: Receipt,
  later: string | null,
  { stores, signal }: Look,
): Promise<Finding> {
  const path = isFolder(receipt) ? `${receipt.target.replace(/\/$/, '')}/${file.path}` : receipt.target;
  const problem = await checkFile(await stores.of(path), path, file, { signal });
  const replayedBy = receipt.run === asked.run ? null : receipt.run;
  const because =
    problem !== null && later !== null && later !== replayedBy ? `; run ${later} has published there since` : '';
  const { rows, bytes } = file;
  const said = problem === null ? null : problem + because;
  return { dataset: receipt.dataset, path, rows, bytes, problem: said, replayedBy };
}

/** The receipt of the last replay of a run's rejects, of those of that replay, and so on; its own where there is none. */
async function lastReplay(ledger: Ledger | null, receipt: Receipt): Promise<Receipt> {
  let last = receipt;
  for (let next = await ledger?.replayOf(last); next; next = await ledger?.replayOf(next)) last = next;
  return last;
}

/** Whether files stand below the target, by names of their own. */
function isFolder({ identity, version }: Receipt): boolean {
  return identity?.kind === 'folder' || version !== undefined;
}

async function publishedSince(ledger: Ledger | null, receipt: Receipt): Promise<string | null> {
  const last = await ledger?.lastPublished(receipt.ocs, receipt.dataset);
  return last && last.run !== receipt.run && last.target === receipt.target ? last.run : null;
}

function print(findings: readonly Finding[], run: string, io: Io): void {
  const paint = paintFor(io.stdout);
  for (const { dataset, path, rows, bytes, problem, replayedBy } of findings) {
    const mark = problem === null ? paint.green('ok    ') : paint.red('FAILED');
    const whose = replayedBy === null ? 'as published' : `as run ${replayedBy} left it, which replayed its rejects`;
    const what =
      problem ??
      `${humanCount(rows)} rows, ${humanBytes(bytes)}, ${isTableTarget(path) ? 'in the table' : 'checksum'} ${whose}`;
    io.stdout.write(`${mark} ${dataset}  ${shortPath(path, io.cwd)}  ${what}\n`);
  }
  if (findings.length === 0) io.stdout.write(`run ${run} published nothing\n`);
}
