import type { ParquetDestinationPlan } from '../flow/dataset-plan.ts';
import type { ParquetDestination } from '../metadata/parquet-destination-schema.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import type { Templates } from './templates.ts';

/** Versions that are kept where nobody says how many. */
const KEPT = 2;

/** Resolves a Parquet destination: absolute path or `hdfs://` name, one file or a folder. */
export function planParquetDestination(
  destination: ParquetDestination,
  places: Places,
  templates: Templates,
): ParquetDestinationPlan {
  const path = templates.fill(destination.path, 'destination.path');
  const several = destination.partition_by.length > 0 || destination.max_rows_per_file !== undefined;
  const resolved = resolvePlace(path, 'destination.path', places, templates);
  if (!several && !path.endsWith('/') && !path.endsWith('.parquet')) {
    const message = `path is ${JSON.stringify(path)}, neither a file (….parquet) nor a folder (…/)`;
    templates.refuse('destination.path', message, 'Add .parquet or /.');
  } else if (several && path.endsWith('.parquet')) {
    const message = `path is ${JSON.stringify(path)}, which is one file, but the plan makes several`;
    templates.refuse('destination.path', message, 'Name a folder (a name that ends in /).');
  }
  const folder = several || path.endsWith('/');
  if (!folder && (destination.mode === 'append' || destination.layout === 'versioned')) {
    const what = destination.mode === 'append' ? 'mode is "append"' : 'layout is "versioned"';
    const message = `${what}, and path is ${JSON.stringify(path)}, which is one file`;
    templates.refuse('destination.path', message, 'Name a folder (a name that ends in /).');
  }
  return {
    type: 'parquet',
    path: resolved,
    folder,
    mode: destination.mode,
    layout: destination.layout,
    keepVersions: destination.keep_versions ?? KEPT,
    compression: destination.compression,
    compressionLevel: destination.compression_level ?? null,
    encodings: destination.encodings,
    rowGroupRows: destination.row_group_rows,
    rowGroupBytes: destination.row_group_bytes,
    pageBytes: destination.page_bytes,
    maxRowsPerFile: destination.max_rows_per_file ?? null,
    partitionBy: destination.partition_by,
  };
}
