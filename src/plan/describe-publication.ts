import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { describeTablePublication } from './clickhouse/describe-table-publication.ts';

const POINTER = '_atlas/current.json';

/** What a reader of the target sees while a plan is carried out, one sentence each; how to read what is not simply read. */
export function describePublication({
  destination,
  onError,
  source,
}: Pick<DatasetPlan, 'destination' | 'onError' | 'source'>): readonly string[] {
  if (destination.type === 'clickhouse') return describeTablePublication(destination);
  const { mode, layout } = destination;
  const replays =
    onError === 'reject'
      ? ['a replay of its rejects adds files one by one, the manifest last: readers may see some before all']
      : [];
  if (!destination.folder) {
    if (mode === 'error_if_exists') return ['readers see no file until one rename makes it appear'];
    return ['readers see the old file, whole, until one rename replaces it'];
  }
  if (layout === 'versioned') return versioned(destination.keepVersions ?? 1, onError);
  const appears = 'a folder that is not there appears whole, by one rename';
  if (mode === 'append') {
    return [
      appears,
      'files are added to a folder one by one, each whole, its manifest (_atlas/manifest-<run>.json) last: readers of the folder may see some before all, readers of manifests see all or none',
      ...memoryOf(source),
      ...replays,
    ];
  }
  if (mode === 'replace_partitions') {
    return [
      appears,
      'partitions that the load holds are replaced, others stay: new files are added one by one, then the manifest (_atlas/manifest-<run>.json), then old files are removed one by one',
      'readers of the folder may see new rows beside old ones of such a partition until that is done, and never miss any; readers of manifests, who leave out what a later one lists under replaces, see all or none',
      ...replays,
    ];
  }
  return [
    'readers see no folder until one rename makes all of it appear; a folder that is not empty is refused',
    ...replays,
  ];
}

/** What is remembered of what was added. */
function memoryOf(source: DatasetPlan['source']): readonly string[] {
  if (source.type === 'postgresql' || source.type === 'mysql') {
    const again =
      'rows of a table are not remembered: another run adds them again (incremental reads only what is new)';
    return source.incremental === null ? [again] : [];
  }
  if (source.path === '-') return ['standard input is not remembered: the same content is added again by another run'];
  return ['inputs whose content was added to this target before are not read again, while their files are there'];
}

function versioned(keep: number, onError: DatasetPlan['onError']): readonly string[] {
  const kept = keep === 1 ? 'only the current version is kept' : `${keep} versions are kept, the current one included`;
  return [
    `each load is a new version in _versions/<run>/; readers take the current one from the pointer, ${POINTER} (key path), which one rename replaces: they see the old version, whole, or the new one`,
    `${kept}: who reads an older one longer than that may find its files gone; to read the whole folder would be to read every version`,
    ...(onError === 'reject' ? ['its rejects cannot be replayed: a version is a whole'] : []),
  ];
}
