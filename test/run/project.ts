import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatasetPlan, LoadedGroup, Receipt, RunEvent, RunOptions, RunResult } from '../../src/index.ts';
import { type Connections, loadGroup, planConnections, planGroup, runGroup } from '../../src/index.ts';

/** A dataset as it stands in a document. */
export type DatasetDocument = { readonly name: string } & Readonly<Record<string, unknown>>;

/** A project in a folder of its own: metadata, inputs, outputs, state. Removed when it is disposed. */
export class Project implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'atlas-run-'));
  readonly events: RunEvent[] = [];

  constructor(datasets: readonly DatasetDocument[] = []) {
    this.declare(datasets);
  }

  /** Writes the document of the group `g`. */
  declare(datasets: readonly DatasetDocument[], connections: object = {}): void {
    const group = { version: 1, ocs: 'g', connections, dataset_config: datasets };
    this.write('metadata/g.json', JSON.stringify(group));
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Names in a folder, hidden ones included; empty where there is none. */
  list(name: string): readonly string[] {
    try {
      return readdirSync(this.path(name), { recursive: true }).map(String).sort();
    } catch {
      return [];
    }
  }

  async plans(): Promise<readonly DatasetPlan[]> {
    const { group, root } = await this.group();
    return planGroup(group, group.dataset_config, { root, variables: {} });
  }

  /** The servers that the document declares. */
  async connections(): Promise<Connections> {
    const { group, root } = await this.group();
    return planConnections(group.connections, root);
  }

  group(): Promise<LoadedGroup> {
    return loadGroup({
      ocs: 'g',
      metadataDir: this.path('metadata'),
      env: null,
      environment: {},
    });
  }

  async run(options: Partial<RunOptions> = {}): Promise<RunResult> {
    return runGroup({
      ocs: 'g',
      plans: await this.plans(),
      connections: await this.connections(),
      stateFolder: this.path('.atlas'),
      ledger: this.path('.atlas/ledger.db'),
      version: '0.0.0',
      workers: 1,
      parallelDatasets: 1,
      force: false,
      strict: false,
      failFast: false,
      ifLocked: { kind: 'fail' },
      sample: null,
      onEvent: (event) => this.events.push(event),
      signal: new AbortController().signal,
      ...options,
    });
  }

  /** Runs and answers the receipt of the only dataset. */
  async load(options: Partial<RunOptions> = {}): Promise<Receipt> {
    const { receipts } = await this.run(options);
    if (receipts.length !== 1) throw new Error(`${receipts.length} receipts`);
    return receipts[0] as Receipt;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A dataset from `<name>.csv` to `out/<name>.parquet`. */
export function datasetOf(
  name: string,
  features: Readonly<Record<string, string>>,
  more: { readonly source?: object; readonly destination?: object; readonly rest?: object } = {},
): DatasetDocument {
  return {
    name,
    source: {
      type: 'csv',
      path: `${name}.csv`,
      features: Object.entries(features).map(([feature, type]) => ({ name: feature, type })),
      ...more.source,
    },
    destination: { type: 'parquet', path: `out/${name}.parquet`, ...more.destination },
    ...more.rest,
  };
}
