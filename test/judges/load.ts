import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/atlas-ingest.js', import.meta.url));

/** Feature of a metadata document. */
export interface DeclaredFeature {
  readonly name: string;
  readonly type: string;
}

/** Loads CSV text with the real command in a fresh folder and answers the path of the Parquet file. */
export function load(
  csv: string,
  features: readonly DeclaredFeature[],
  destination: Readonly<Record<string, unknown>>,
  { slice_bytes, workers }: { readonly slice_bytes?: number; readonly workers?: number } = {},
): string {
  const home = mkdtempSync(join(tmpdir(), 'atlas-judged-'));
  mkdirSync(join(home, 'metadata'));
  writeFileSync(join(home, 'in.csv'), csv);
  const dataset = {
    name: 'judged',
    source: {
      type: 'csv',
      path: 'in.csv',
      ...(slice_bytes ? { slice_bytes } : {}),
      features: features.map(({ name, type }) => ({ name, type })),
    },
    destination: { type: 'parquet', path: 'out.parquet', ...destination },
  };
  writeFileSync(
    join(home, 'metadata', 'judged.json'),
    JSON.stringify({ version: 1, ocs: 'judged', dataset_config: [dataset] }),
  );
  const args = [bin, 'run', '--ocs', 'judged', '--metadata', join(home, 'metadata')];
  if (workers) args.push('--workers', String(workers));
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the load ended with ${status}\n${stderr}`);
  return join(home, 'out.parquet');
}
