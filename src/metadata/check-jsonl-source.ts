import type { CheckContext } from './check-context.ts';
import { checkFeature } from './check-feature.ts';
import { checkFeatureNames } from './check-feature-names.ts';
import { checkFormats } from './check-formats.ts';
import type { Feature } from './feature-schema.ts';
import type { JsonlSource } from './jsonl-source-schema.ts';
import { parseKeyPath, spellKeyPath } from './key-path.ts';
import { schemeOf } from './path-scheme.ts';

const FROM_HINT = 'Part keys by dots; write \\\\. in the document for a dot in a key, and "" for the empty key.';
/** Objects within each other on the way to a value. */
const MOST_KEYS = 64;

/** What must hold between the keys of a source of JSON lines and its features. */
export function checkJsonlSource(source: JsonlSource, check: CheckContext): void {
  const scheme = schemeOf(source.path);
  if (scheme !== null && scheme !== 'hdfs') {
    const message = `the source path is on ${scheme}://, which is not supported; supported: local files, globs, - and hdfs://`;
    check.problem(['path'], message, 'Write a local path, or hdfs://<connection>/….');
  }
  if (source.path.includes('\0')) check.problem(['path'], 'path holds a NUL character', 'Remove it.');
  const both = source.true_values.filter((text) => source.false_values.includes(text));
  if (both.length > 0) {
    const message = `true_values and false_values both hold ${both.map((text) => JSON.stringify(text)).join(', ')}`;
    check.problem(['false_values'], message, 'Keep each text in one of them.');
  }
  checkFeatureNames(source.features, check);
  checkFormats(source, check);
  const spelling = { path: source.path, encoding: 'utf-8', decimal_separator: '.' } as const;
  source.features.forEach((feature, index) => {
    const at = check.below(['features', index]);
    checkFeature(feature, spelling, at);
    checkFrom(feature, source, at);
  });
}

/** A name is a key as it stands; where it could be taken for a path, `from` has to say which. */
function checkFrom({ name, from, value }: Feature, { max_depth }: JsonlSource, check: CheckContext): void {
  if (value !== undefined) return;
  const keys = parseKeyPath(from ?? name);
  if (from === undefined) {
    const spelled = spellKeyPath([name]);
    if (spelled === name) return;
    const path = 'problem' in keys ? '' : `${JSON.stringify(name)} for the path, or `;
    const hint = `Set from to ${path}${JSON.stringify(spelled)} for the key with that name.`;
    check.problem(['name'], `name is ${JSON.stringify(name)}, which could be a path or a key: from must say`, hint);
  } else if ('problem' in keys) {
    check.problem(['from'], `from is ${JSON.stringify(from)}, no path of keys: ${keys.problem}`, FROM_HINT);
  } else if (keys.length > MOST_KEYS) {
    check.problem(['from'], `from has ${keys.length} keys, ${MOST_KEYS} are possible`, 'Take an outer value as json.');
  } else if (keys.length > max_depth) {
    const message = `from has ${keys.length} keys, but max_depth is ${max_depth}: no line may be so deep`;
    check.problem(['from'], message, 'Raise max_depth.');
  }
}
