import { readFileSync } from 'node:fs';
import { init } from '../../src/cli/init.ts';
import { type InitOptions, initOptions } from '../../src/cli/init-options.ts';
import { AtlasError } from '../../src/errors.ts';
import type { Receipt } from '../../src/index.ts';
import type { Project } from '../run/project.ts';
import { recordedIo } from './recorded-io.ts';

/** What `init` printed for files of a project, or why it would not. */
export interface InitOutcome {
  readonly document: string;
  readonly said: string;
  readonly refused: AtlasError | null;
}

/** Runs `init` on files of a project, in this process. */
export async function initIn(
  project: Project,
  files: readonly string[],
  options: Partial<InitOptions> = {},
): Promise<InitOutcome> {
  const io = recordedIo(project.root);
  try {
    await init({ ...initOptions({}, files, io), ...options }, io);
    return { document: io.printed.out, said: io.printed.err, refused: null };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    return { document: '', said: io.printed.err, refused: error };
  }
}

/** One line of a reject file. */
export interface RejectLine {
  readonly file: string;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly column: string | null;
  readonly code: string;
}

export interface LoadOutcome {
  readonly receipt: Receipt;
  readonly rejects: readonly RejectLine[];
}

/** Writes what `init` printed as the document of the group `g`, and runs it. */
export async function loadInit(project: Project, document: string): Promise<readonly LoadOutcome[]> {
  project.write('metadata/g.json', document);
  const { receipts } = await project.run();
  return receipts.map((receipt) => ({ receipt, rejects: rejectsOf(receipt) }));
}

function rejectsOf(receipt: Receipt): readonly RejectLine[] {
  const path = receipt.rejects?.path;
  if (path === undefined || path === null) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RejectLine);
}
