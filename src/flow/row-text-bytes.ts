import { parseKeyPath } from '../metadata/key-path.ts';
import type { SourcePlan } from './dataset-plan.ts';

/**
 * Bytes at most that the texts of one row take together, constants apart: what several features take (a column twice; an object of JSON
 * and a text inside it) counts for each of them.
 */
export function rowTextBytes({ type, maxRowBytes, features }: SourcePlan): number {
  if (type !== 'csv' && type !== 'jsonl') return maxRowBytes;
  const takers = new Map<string, number>();
  const paths: (readonly string[])[] = [];
  for (const { from, constant, type: logical } of features) {
    if (constant !== null || !['string', 'json', 'binary'].includes(logical.kind)) continue;
    const keys = type === 'jsonl' ? parseKeyPath(from) : [from];
    const path = 'problem' in keys ? [from] : keys;
    paths.push(path);
    takers.set(JSON.stringify(path), (takers.get(JSON.stringify(path)) ?? 0) + 1);
  }
  let most = 1;
  for (const path of paths) {
    let count = 0;
    for (let length = 1; length <= path.length; length++)
      count += takers.get(JSON.stringify(path.slice(0, length))) ?? 0;
    most = Math.max(most, count);
  }
  return most * maxRowBytes;
}
