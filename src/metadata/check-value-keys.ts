import type { CheckContext } from './check-context.ts';
import type { Feature } from './feature-schema.ts';

/** Keys that say how a value is written. */
const TEXT_KEYS = ['format', 'decimal_separator', 'thousands_separator', 'percent', 'currency'] as const;

const NAMES: Readonly<Record<string, string>> = { parquet: 'Parquet', postgresql: 'PostgreSQL', mysql: 'MySQL' };

/** Refuses what says how values are written, where a source holds values and not their spelling. `check` stands on the feature. */
export function checkValueKeys(feature: Feature, type: string, check: CheckContext): void {
  for (const key of TEXT_KEYS) {
    if (feature[key] === undefined || (key === 'format' && feature.value !== undefined)) continue;
    const message = `${key} is set, but the source is ${NAMES[type] ?? type}, which holds values and not how they are written`;
    check.problem([key], message, `Remove ${key}.`);
  }
}
