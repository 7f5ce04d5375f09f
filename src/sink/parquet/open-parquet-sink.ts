import { ParquetFileWriter } from '../../encode/parquet/file-writer.ts';
import { AtlasError } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { Sink } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { localStore } from '../../store/local-store.ts';
import { FileSink } from './file-sink.ts';
import { FolderSink } from './folder-sink.ts';
import { planOfFiles } from './plan-of-files.ts';
import { TargetPlace } from './target-place.ts';

/** Partitions of one run. Each keeps the facts of its row groups in memory until its footer is written. */
const MAX_PARTITIONS = 4096;
/** Files open at a time; closing one means syncing it, and Node lifts the process's limit of descriptors to the hard one. */
const MAX_OPEN = 512;

/**
 * The sink of a Parquet destination on local disk. A symbolic link at the path, or on the way to it, is followed once,
 * here: what it points to is the target, is locked and replaced, and the link stays what it was.
 * Fails with ATLAS_STORE_WRITE where the path cannot be followed.
 */
export async function openParquetSink(plan: DatasetPlan, options: Abortable): Promise<Sink> {
  const { destination, hash: planHash } = plan;
  const { path, folder, mode, maxRowsPerFile, partitionBy } = destination;
  if (mode === 'append') {
    throw new AtlasError('ATLAS_META_INVALID', `mode append is not possible for the Parquet target ${path}`);
  }
  const place = new TargetPlace(localStore, await localStore.resolve(path, options));
  const files = planOfFiles(plan);
  const newLayout = () => new ParquetFileWriter(files);
  const replaces = mode === 'overwrite';
  if (!folder) return new FileSink(place, newLayout, replaces);
  const limits = { maxRowsPerFile, maxPartitions: MAX_PARTITIONS, maxOpen: MAX_OPEN };
  return new FolderSink(place, newLayout, { planHash, partitioned: partitionBy.length > 0, replaces, limits });
}
