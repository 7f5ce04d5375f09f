import { AtlasError } from '../../errors.ts';

/**
 * The names of a Hive partition path (`year=2024/month=1`), outermost first; none where there is no partition. The values
 * come escaped; what still could leave the folder is refused. Messages never hold values.
 */
export function partitionNames(partition: string | null): readonly string[] {
  if (partition === null) return [];
  const names = partition.split('/');
  for (const name of names) {
    const at = name.indexOf('=');
    if (at > 0 && at < name.length - 1 && !name.includes('\0') && !name.includes('\\')) continue;
    throw new AtlasError('ATLAS_INTERNAL', `a partition path of ${names.length} names holds one that is not k=v`);
  }
  return names;
}
