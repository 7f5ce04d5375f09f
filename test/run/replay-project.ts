import { readFileSync, writeFileSync } from 'node:fs';
import { type Receipt, type ReplayOptions, type RunResult, replayRun } from '../../src/index.ts';
import { query } from './duck.ts';
import { type DatasetDocument, datasetOf, Project } from './project.ts';

/** One line of a reject file. */
export interface RejectLine {
  readonly file: string;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly column: string | null;
  readonly code: string;
  readonly raw: string | null;
  readonly raw_base64?: string;
  readonly record?: string;
  readonly truncated?: boolean;
}

export const FEATURES = { id: 'int32', name: 'string', price: 'decimal(9,2)' };

/** A dataset whose bad rows are borne. */
export function rejecting(
  name: string,
  more: { readonly source?: object; readonly destination?: object; readonly rest?: object } = {},
): DatasetDocument {
  const rest = { on_error: 'reject', max_rejects: 1000, ...more.rest };
  return datasetOf(name, FEATURES, { ...more, rest });
}

/** A project whose runs leave rejects, and that can replay them. */
export class ReplayProject extends Project {
  async replay(run: string, options: Partial<ReplayOptions> = {}): Promise<RunResult> {
    return replayRun({
      run,
      datasets: [],
      stateFolder: this.path('.atlas'),
      ledger: this.path('.atlas/ledger.db'),
      version: '0.0.0',
      workers: 1,
      strict: false,
      ifLocked: { kind: 'fail' },
      planNow: async () => null,
      onEvent: (event) => this.events.push(event),
      signal: new AbortController().signal,
      ...options,
    });
  }

  /** Replays the only dataset that left rejects. */
  async again(run: string, options: Partial<ReplayOptions> = {}): Promise<Receipt> {
    const { receipts } = await this.replay(run, options);
    if (receipts.length !== 1) throw new Error(`${receipts.length} receipts`);
    return receipts[0] as Receipt;
  }

  /** What `edit` makes of every line of a reject file; null takes it out. */
  edit({ rejects: { path } }: Receipt, edit: (line: RejectLine, index: number) => object | null): void {
    const lines = this.rejects(path).map(edit);
    const kept = lines.filter((line) => line !== null);
    writeFileSync(path as string, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  rejects(path: string | null): readonly RejectLine[] {
    if (path === null) return [];
    const text = readFileSync(path, 'utf8').trimEnd();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as RejectLine);
  }

  /** Rows of `out/t.parquet`, or of what matches. */
  async rows(columns = 'id, name, price', pattern = 'out/t.parquet'): Promise<readonly (readonly unknown[])[]> {
    return query(
      `SELECT ${columns} FROM read_parquet('${this.path(pattern)}', hive_partitioning = true) ORDER BY id, ${columns}`,
    );
  }
}
