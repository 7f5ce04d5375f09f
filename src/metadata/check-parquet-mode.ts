import type { CheckContext } from './check-context.ts';
import type { ParquetDestination } from './parquet-destination-schema.ts';

/** Which modes and layouts of a Parquet destination go together, and what they need. */
export function checkParquetMode(destination: ParquetDestination, check: CheckContext): void {
  const { mode, layout, partition_by: partitions, path } = destination;
  const problem = (key: string, message: string, hint: string) => check.problem([key], message, hint);
  if (mode === 'replace_partitions' && partitions.length === 0 && check.whole(['partition_by'])) {
    problem(
      'mode',
      'mode is "replace_partitions", but partition_by is missing',
      'Add partition_by, or choose overwrite.',
    );
  } else if (mode === 'append' && path.endsWith('.parquet')) {
    const hint =
      'Name a folder (a name that ends in /): append adds files to it and touches none of those that are there.';
    problem('mode', 'mode is "append", but path ends in .parquet, which is one file', hint);
  }
  if (layout === 'versioned') checkVersioned(destination, problem);
  else if (destination.keep_versions !== undefined) {
    problem('keep_versions', 'keep_versions is set, but layout is "plain"', 'Set layout to "versioned", or remove it.');
  }
}

function checkVersioned(
  { mode, path }: ParquetDestination,
  problem: (key: string, message: string, hint: string) => void,
): void {
  if (path.endsWith('.parquet')) {
    const hint = 'Remove layout: one file is replaced atomically anyway. Or name a folder (a name that ends in /).';
    problem('layout', 'layout is "versioned", but path ends in .parquet, which is one file', hint);
  }
  if (mode === 'overwrite') return;
  const message = `layout is "versioned", but mode is "${mode}": a version is a whole, and each load makes a new one`;
  const hint = mode === 'error_if_exists' ? 'Set mode to overwrite.' : 'Set mode to overwrite, or layout to plain.';
  problem('layout', message, hint);
}
