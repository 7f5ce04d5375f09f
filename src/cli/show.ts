import type { Receipt } from '../flow/receipt.ts';
import { describeReplay } from '../run/dataset-replay.ts';
import { describeRange } from '../run/incremental/describe-range.ts';
import type { ShowOptions } from './command-options.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor } from './paint.ts';
import { renderPlace } from './render-error.ts';
import { receiptsAsJson, renderReceipts, shortPath } from './render-receipts.ts';
import { humanBytes, humanCount, humanSeconds } from './units.ts';
import { findRun, withLedger } from './with-ledger.ts';

/** `atlas-ingest show`: all that the ledger knows of one run. */
export async function show(options: ShowOptions, io: Io): Promise<number> {
  return withLedger(options, io, async (ledger, path) => {
    const run = await findRun(ledger, options.run, path);
    const receipts = (await ledger?.receipts(run.id)) ?? [];
    if (options.json) {
      io.stdout.write(receiptsAsJson(run.id, run.ocs, run.exitCode ?? -1, receipts));
      return 0;
    }
    const paint = paintFor(io.stdout);
    const lines = [
      `${paint.bold(`run ${run.id}`)} of ${run.ocs}: ${run.status}${run.exitCode === null ? '' : `, exit ${run.exitCode}`}`,
      `started ${run.startedAt}${run.endedAt === null ? ', never ended' : `, ended ${run.endedAt}`}`,
      `by atlas-ingest ${run.version}, process ${run.pid} on ${run.host}`,
      '',
    ];
    io.stdout.write(`${lines.join('\n')}\n`);
    if (receipts.length > 0) io.stdout.write(renderReceipts(receipts, io));
    for (const receipt of receipts) {
      const replayed = (await ledger?.replayOf(receipt)) ?? null;
      io.stdout.write(`\n${describe(receipt, replayed, paint, io.cwd).join('\n')}\n`);
    }
    return 0;
  });
}

function describe(receipt: Receipt, replayed: Receipt | null, paint: Paint, cwd: string): string[] {
  const { rows, spans, rejects, error, watermark } = receipt;
  const fact = (name: string, text: string): string => `  ${paint.dim(name.padEnd(9))} ${text}`;
  const lines = [paint.bold(receipt.dataset), fact('outcome', receipt.outcome)];
  if (error) {
    const where = renderPlace(error.place ?? {});
    lines.push(fact('error', `${error.code}: ${error.message}${where ? ` (${where})` : ''}`));
  }
  lines.push(fact('target', shortPath(receipt.target, cwd)), fact('plan', receipt.planHash));
  lines.push(fact('time', `${receipt.startedAt}, ${humanSeconds(receipt.seconds)} s, ${receipt.workers} worker(s)`));
  lines.push(
    fact(
      'rows',
      `${humanCount(rows.read)} read = ${humanCount(rows.published)} published + ${humanCount(rows.rejected)} rejected + ${humanCount(rows.deduplicated)} deduplicated + ${humanCount(rows.excluded)} excluded`,
    ),
  );
  for (const { path, bytes } of receipt.inputs.slice(0, 20)) {
    lines.push(fact('input', `${shortPath(path, cwd)}${bytes === null ? '' : `, ${humanBytes(bytes)}`}`));
  }
  if (receipt.inputs.length > 20) lines.push(fact('', `and ${receipt.inputs.length - 20} more`));
  const skipped = receipt.skippedInputs ?? [];
  for (const { path, run } of skipped.slice(0, 20)) {
    lines.push(fact('not read', `${shortPath(path, cwd)}: run ${run} added its content`));
  }
  if (skipped.length > 20) lines.push(fact('', `and ${skipped.length - 20} more`));
  if (spans) {
    const parts = Object.entries(spans).filter(([, bytes]) => bytes > 0);
    lines.push(fact('bytes', parts.map(([name, bytes]) => `${humanCount(bytes)} ${name}`).join(' + ')));
  }
  for (const file of receipt.files.slice(0, 20)) {
    lines.push(
      fact('file', `${file.path}: ${humanCount(file.rows)} rows, ${humanBytes(file.bytes)}, sha256 ${file.sha256}`),
    );
  }
  if (receipt.files.length > 20) lines.push(fact('', `and ${receipt.files.length - 20} more (--json lists all)`));
  if (receipt.table !== undefined) lines.push(fact('table', describeStep(receipt.table)));
  if (receipt.identity?.kind === 'table') lines.push(fact('', `uuid ${receipt.identity.uuid}`));
  for (const { id, rows: count } of (receipt.table?.partitions ?? []).slice(0, 20)) {
    lines.push(fact('', `partition ${id}: ${humanCount(count)} rows`));
  }
  if ((receipt.table?.partitions.length ?? 0) > 20) lines.push(fact('', 'and more (--json lists all)'));
  for (const [compared, files] of proofsOf(receipt)) {
    lines.push(fact('proof', files === 1 ? compared : `${humanCount(files)} files: ${compared}`));
  }
  if (receipt.version !== undefined) lines.push(fact('version', receipt.version));
  const replaced = receipt.replaced?.length ?? 0;
  if (replaced > 0) lines.push(fact('replaced', `${humanCount(replaced)} files of before (--json lists them)`));
  lines.push(
    fact(
      'columns',
      receipt.schema.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' not null'}`).join(', '),
    ),
  );
  if (watermark !== undefined) {
    const { column, range, before, after } = watermark;
    lines.push(fact('rows', `${describeRange(range)} in ${column}`));
    lines.push(fact('watermark', `${before ?? 'none'} -> ${after ?? 'none'}`));
  }
  if (receipt.replays) lines.push(fact('replays', describeReplay(receipt)));
  for (const { code, column, count } of rejects.byCode) {
    lines.push(fact('rejects', `${humanCount(count)} × ${code}${column === null ? '' : ` in ${column}`}`));
  }
  if (rejects.path !== null) lines.push(fact('', shortPath(rejects.path, cwd)));
  if (replayed !== null) lines.push(fact('', `replayed by run ${replayed.run}: ${describeReplay(replayed)}`));
  for (const note of receipt.drift?.notes ?? []) lines.push(fact('drift', note));
  for (const note of receipt.notes) lines.push(fact('note', note));
  return lines;
}

/** By which step rows came into a table. */
function describeStep({ step, willCollapse }: NonNullable<Receipt['table']>): string {
  const steps = {
    rename: 'made, and whole at once (RENAME TABLE)',
    exchange: 'replaced by one step (EXCHANGE TABLES)',
    replace: 'one partition replaced (REPLACE PARTITION)',
    move: 'grown partition by partition (MOVE PARTITION)',
    insert: 'grown by INSERT into the table itself',
  } as const;
  return willCollapse === null ? steps[step] : `${steps[step]}; ${willCollapse}`;
}

/** How the store's answers were held against what was written, and of how many files. */
function proofsOf({ files }: Receipt): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { proof } of files) {
    if (proof !== undefined) counts.set(proof.compared, (counts.get(proof.compared) ?? 0) + 1);
  }
  return counts;
}
