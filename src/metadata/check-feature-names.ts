import type { CheckContext } from './check-context.ts';
import type { Feature } from './feature-schema.ts';

/** Names of features: each once, and none that differs from another by case alone (a warning). `check` stands on the source. */
export function checkFeatureNames(features: readonly Feature[], check: CheckContext): void {
  const seen = new Map<string, number>();
  const folded = new Map<string, string>();
  features.forEach(({ name }, index) => {
    const at = ['features', index, 'name'];
    const first = seen.get(name);
    if (first !== undefined) {
      const message = `two features are named ${JSON.stringify(name)}, numbers ${first + 1} and ${index + 1}`;
      check.problem(at, message, 'Rename one; `from` keeps the name in the source.');
      return;
    }
    seen.set(name, index);
    const other = folded.get(name.toLowerCase());
    if (other !== undefined) {
      const message = `the features ${JSON.stringify(other)} and ${JSON.stringify(name)} differ only by case`;
      check.warning(at, message, 'Rename one: many engines take them for the same column.');
    }
    folded.set(name.toLowerCase(), name);
  });
}
