import type { ParquetDatasetPlan, ParquetDestinationPlan } from '../../src/flow/dataset-plan.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Ledger } from '../../src/flow/ledger.ts';
import type { Receipt } from '../../src/flow/receipt.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { publishStaged } from '../../src/run/publish-staged.ts';
import { type Recovery, settlePending } from '../../src/run/settle-pending.ts';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { joinPath } from '../../src/store/path.ts';
import type { Store } from '../../src/store/store.ts';
import { receiptOf } from '../conformance/ledger/describe-ledger.ts';
import { watermarkOf } from '../conformance/ledger/describe-watermarks.ts';
import { fragmentsFor, planFor, stageAll, through } from '../sink/sink-bed.ts';
import { type Content, contentOf, textOf } from './folder-content.ts';
import { Life, mortal } from './mortal.ts';

/** A folder that grows: what it is before, and what a run does to it. */
export interface Growth {
  readonly name: string;
  readonly destination: Partial<ParquetDestinationPlan>;
  /** `none`: there is no folder; `empty`: one without a file; else what a run published with the same plan. */
  readonly before: 'none' | 'empty' | 'published';
  /** Everything at the target is replaced. */
  readonly refresh?: true;
}

export const GROWTHS: readonly Growth[] = [
  { name: 'files are appended to a folder', destination: { mode: 'append' }, before: 'published' },
  { name: 'files are appended where nothing is', destination: { mode: 'append' }, before: 'none' },
  {
    name: 'partitions are appended to an empty folder',
    destination: { mode: 'append', partitionBy: ['day'] },
    before: 'empty',
  },
  {
    name: 'partitions are replaced',
    destination: { mode: 'replace_partitions', partitionBy: ['day'] },
    before: 'published',
  },
  {
    name: 'everything is replaced',
    destination: { mode: 'append', partitionBy: ['day'] },
    before: 'published',
    refresh: true,
  },
  {
    name: 'a version replaces another one',
    destination: { layout: 'versioned', keepVersions: 1 },
    before: 'published',
  },
  { name: 'a first version', destination: { layout: 'versioned', keepVersions: 2 }, before: 'empty' },
];

const OLD = [
  { rows: 4, partition: 'day=1' },
  { rows: 3, partition: 'day=2' },
];
const NEW = [
  { rows: 5, partition: 'day=2' },
  { rows: 2, partition: 'day=3' },
];

/** Where a bed keeps its targets: a store and a folder in it; ledgers are local. */
export interface Ground {
  readonly store: Store;
  readonly folder: string;
  readonly ledgers: string;
}

/** A target as it was before, a ledger that knows it, and runs over them that may die. */
export class GrowthBed implements AsyncDisposable {
  readonly plan: ParquetDatasetPlan;
  readonly ledger: Ledger;
  readonly #ground: Ground;
  readonly #fragments: readonly Fragment[];
  readonly #refresh: boolean;

  private constructor(
    plan: ParquetDatasetPlan,
    ledger: Ledger,
    ground: Ground,
    fragments: readonly Fragment[],
    refresh = false,
  ) {
    this.#refresh = refresh;
    this.plan = plan;
    this.ledger = ledger;
    this.#ground = ground;
    this.#fragments = fragments;
  }

  static async begin({ destination, before, refresh }: Growth, ground: Ground, round: string): Promise<GrowthBed> {
    const path = joinPath(ground.folder, round, 'out');
    const plan = planFor(path, { folder: true, maxRowsPerFile: 5, ...destination });
    const ledger = await openSqliteLedger(`${ground.ledgers}/${round}.sqlite`);
    const cut = (groups: typeof OLD) =>
      plan.destination.partitionBy.length > 0 ? groups : groups.map(({ rows }) => ({ rows }));
    const old = await encoded(plan, 'old', cut(OLD));
    const fragments = await encoded(plan, 'new', cut(NEW));
    const bed = new GrowthBed(plan, ledger, ground, fragments, refresh);
    if (before === 'empty') await ground.store.makeFolders(path, through);
    if (before === 'published') await bed.#load('first', old, ground.store, ledger);
    return bed;
  }

  get target(): string {
    return this.plan.destination.path;
  }

  /** Loads what is to be added, dying when this life ends. */
  add(life = immortal(), run = 'more'): Promise<Receipt> {
    return this.#load(run, this.#fragments, this.#dying(life), mortal(this.ledger, life));
  }

  /** What a run of the dataset does first. */
  async recover(life = immortal(), force = false): Promise<readonly Recovery[]> {
    await using sink = await openParquetSink(this.plan, { ...through, store: this.#dying(life) });
    await using lock = await sink.lock('recovery', through);
    const { signal } = through;
    return await settlePending({ sink, ledger: mortal(this.ledger, life), lock, force, signal });
  }

  /** The watermark that the ledger has; null = none. */
  async watermark(): Promise<string | null> {
    return (await this.ledger.watermarks({ ocs: 'weather', dataset: 'set' }))[0]?.value ?? null;
  }

  /** Everything below the target; `hidden` drafts beside it are told apart. */
  content(): Promise<Content> {
    return contentOf(this.#ground.store, this.target);
  }

  /** What who goes by the pointer or simply reads the folder finds: data files by path. */
  async seen(): Promise<Content> {
    const all = await this.content();
    const data = Object.entries(all).filter(([path]) => path.endsWith('.parquet'));
    if (this.plan.destination.layout !== 'versioned') return Object.fromEntries(data);
    if (all['_atlas/current.json'] === undefined) return {};
    const { path } = JSON.parse(await textOf(this.#ground.store, `${this.target}/_atlas/current.json`)) as {
      path: string;
    };
    return Object.fromEntries(data.filter(([each]) => each.startsWith(`${path}/`)));
  }

  async drafts(): Promise<readonly string[]> {
    const { store, folder } = this.#ground;
    const beside = this.target.slice(0, -'/out'.length);
    if (beside === folder || (await store.look(beside, through)).kind === 'absent') return [];
    return (await store.list(beside, through)).map(({ name }) => name).filter((name) => name.endsWith('.atlas-draft'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ledger[Symbol.asyncDispose]();
    await this.#ground.store.remove(this.target.slice(0, -'/out'.length), through);
  }

  /** A process that dies gives its locks back, which a test cannot see: the lock is not its last step here. */
  #dying(life: Life): Store {
    const { store } = this.#ground;
    const dying = mortal(store, life);
    return new Proxy(dying, {
      get: (_, key) => (key === 'lock' ? store.lock.bind(store) : Reflect.get(dying, key)),
    });
  }

  async #load(run: string, fragments: readonly Fragment[], store: Store, ledger: Ledger): Promise<Receipt> {
    const refresh = this.#refresh && run !== 'first';
    await using sink = await openParquetSink(this.plan, { ...through, store, refresh });
    await using lock = await sink.lock(run, through);
    const { signal } = through;
    await settlePending({ sink, ledger, lock, force: false, signal });
    await sink.check(through);
    const staged = await stageAll(sink, run, fragments);
    const { rows } = staged;
    const counts = { read: rows, published: rows, rejected: 0, deduplicated: 0, excluded: 0 };
    const watermark = run === 'first' ? watermarkOf(null, '1') : watermarkOf('1', '2', refreshed(this.#refresh));
    const receipt = receiptOf(run, 'set', { rows: counts, planHash: this.plan.hash, watermark });
    return await publishStaged({ sink, kind: 'parquet', ledger, lock, staged, receipt, signal });
  }
}

function refreshed(refresh: boolean) {
  return refresh ? ({ how: 'full_refresh' } as const) : {};
}

export function immortal(): Life {
  return new Life(Number.POSITIVE_INFINITY, 'before');
}

const known = new Map<string, Promise<readonly Fragment[]>>();

function encoded(
  plan: ParquetDatasetPlan,
  name: string,
  groups: readonly { readonly rows: number; readonly partition?: string }[],
) {
  const key = `${name} ${plan.destination.partitionBy.join()}`;
  const fragments = known.get(key) ?? fragmentsFor(plan, groups);
  known.set(key, fragments);
  return fragments;
}
