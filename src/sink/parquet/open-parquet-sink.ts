import { ParquetFileWriter } from '../../encode/parquet/file-writer.ts';
import { AtlasError } from '../../errors.ts';
import type { ParquetDatasetPlan } from '../../flow/dataset-plan.ts';
import type { Receipt } from '../../flow/receipt.ts';
import type { Sink } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import type { Store } from '../../store/store.ts';
import type { NewLayout } from './file-layout.ts';
import { FileSink } from './file-sink.ts';
import { FolderSink } from './folder-sink.ts';
import { addedManifest, MANIFEST } from './manifest.ts';
import { planOfFiles } from './plan-of-files.ts';
import type { PublishedSet } from './published-set.ts';
import { TargetPlace } from './target-place.ts';
import { VersionedSink } from './versioned-sink.ts';

/** Partitions of one run. Each keeps the facts of its row groups in memory until its footer is written. */
const MAX_PARTITIONS = 4096;

export interface SinkOptions extends Abortable {
  /** Where the target rests. */
  readonly store: Store;
  /**
   * Rows are added to what these receipts say is at the target: the first one published it, each other one added to it.
   * Left out, the target is replaced, as the plan's mode says.
   */
  readonly onto?: readonly Receipt[];
  /** Of a folder that grows: all that a reader sees there is replaced. */
  readonly refresh?: boolean;
}

/**
 * The sink of a Parquet destination in a store. On a local disk, a symbolic link at the path, or on the way to it, is followed once,
 * here: what it points to is the target, is locked and replaced, and the link stays what it was.
 * Fails with ATLAS_STORE_WRITE where the path cannot be followed.
 */
export async function openParquetSink(plan: ParquetDatasetPlan, options: SinkOptions): Promise<Sink> {
  const { destination, hash: planHash } = plan;
  const { store } = options;
  const { path, folder, mode, layout, maxRowsPerFile, partitionBy } = destination;
  if (!folder && (mode === 'append' || mode === 'replace_partitions' || layout === 'versioned')) {
    const what = layout === 'versioned' ? 'layout versioned' : `mode ${mode}`;
    throw new AtlasError('ATLAS_META_INVALID', `${what} is not possible for ${path}, which is one file`);
  }
  const place = new TargetPlace(store, await store.resolve(path, options));
  const files = planOfFiles(plan);
  const newLayout: NewLayout = (onto) => new ParquetFileWriter(files, onto ?? null);
  const replaces = mode === 'overwrite';
  const onto = options.onto ?? null;
  if (!folder) return new FileSink(place, newLayout, replaces, onto?.at(-1)?.files[0] ?? null);
  const limits = { maxRowsPerFile, maxPartitions: MAX_PARTITIONS, maxOpen: store.maxOpenFiles };
  const partitioned = partitionBy.length > 0;
  if (layout === 'versioned') {
    const keep = destination.keepVersions ?? 1;
    return new VersionedSink(place, newLayout, { planHash, partitioned, limits, keep });
  }
  const grows = mode === 'append' || mode === 'replace_partitions' ? mode : null;
  const sets = onto?.map((receipt, index) => publishedSet(receipt, index === 0 && grows === null)) ?? null;
  const columns = { newLayout, partitionBy, evolves: plan.onDrift === 'evolve' };
  return new FolderSink(place, newLayout, {
    planHash,
    partitioned,
    replaces,
    limits,
    grows,
    refresh: options.refresh ?? false,
    onto: sets,
    columns,
  });
}

function publishedSet({ run, planHash, files, replaced }: Receipt, isFirst: boolean): PublishedSet {
  return { run, planHash, files, manifest: isFirst ? MANIFEST : addedManifest(run), replaces: replaced ?? [] };
}
