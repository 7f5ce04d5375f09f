import { ParquetFileWriter } from '../../encode/parquet/file-writer.ts';
import { AtlasError } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
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
}

/**
 * The sink of a Parquet destination in a store. On a local disk, a symbolic link at the path, or on the way to it, is followed once,
 * here: what it points to is the target, is locked and replaced, and the link stays what it was.
 * Fails with ATLAS_STORE_WRITE where the path cannot be followed.
 */
export async function openParquetSink(plan: DatasetPlan, options: SinkOptions): Promise<Sink> {
  const { destination, hash: planHash } = plan;
  const { store } = options;
  const { path, folder, mode, maxRowsPerFile, partitionBy } = destination;
  if (mode === 'append') {
    throw new AtlasError('ATLAS_META_INVALID', `mode append is not possible for the Parquet target ${path}`);
  }
  const place = new TargetPlace(store, await store.resolve(path, options));
  const files = planOfFiles(plan);
  const newLayout: NewLayout = (onto) => new ParquetFileWriter(files, onto ?? null);
  const replaces = mode === 'overwrite';
  const onto = options.onto ?? null;
  if (!folder) return new FileSink(place, newLayout, replaces, onto?.at(-1)?.files[0] ?? null);
  const limits = { maxRowsPerFile, maxPartitions: MAX_PARTITIONS, maxOpen: store.maxOpenFiles };
  const sets = onto?.map(publishedSet) ?? null;
  const partitioned = partitionBy.length > 0;
  return new FolderSink(place, newLayout, { planHash, partitioned, replaces, limits, onto: sets });
}

function publishedSet({ run, planHash, files }: Receipt, index: number): PublishedSet {
  return { run, planHash, files, manifest: index === 0 ? MANIFEST : addedManifest(run) };
}
