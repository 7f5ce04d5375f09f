import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { RelationDescription } from '../describe/describe-relation.ts';
import { type SplitKey, splitKey } from './split-key.ts';

/** In how many parts, and by what, a table may be read. */
export interface Split {
  /** Connections at most. */
  readonly readers: number;
  readonly key: SplitKey | null;
  readonly tasks: number;
  /** Why there is one reader where more were allowed; empty where there is nothing to say. */
  readonly why: string;
}

const MOST = 256;
/** Tasks for each reader where nobody knows how much will come. */
const EACH = 4;

/** Engines whose readers see a snapshot. */
export function isTransactional(engine: string): boolean {
  return /^(innodb|rocksdb)$/i.test(engine);
}

/** Decides whether several readers may be tried. Fails as `splitKey` does. */
export function splitOf(plan: MysqlSourcePlan, description: RelationDescription, workers: number): Split {
  const one = (why: string): Split => ({ readers: 1, key: null, tasks: 1, why });
  const wanted = plan.readers ?? workers;
  const key = splitKey(plan, description);
  if (wanted <= 1) return one('');
  const { estimatedBytes, engine, kind } = description;
  if (estimatedBytes !== null && estimatedBytes <= plan.sliceBytes / 4) return one('');
  if (key === null) return one('it has no single key by whose ranges several could read');
  const own = plan.consistency === 'per_reader';
  if (!own && engine === null) return one(`several may read a ${kind} only with consistency per_reader`);
  if (!own && !isTransactional(engine ?? '')) return one(`${engine} knows no snapshots`);
  const tasks =
    key.family === 'uuid'
      ? wanted
      : estimatedBytes === null
        ? wanted * EACH
        : Math.ceil(estimatedBytes / plan.sliceBytes);
  const count = Math.min(MOST, Math.max(wanted, tasks));
  return { readers: Math.min(wanted, count), key, tasks: count, why: '' };
}
