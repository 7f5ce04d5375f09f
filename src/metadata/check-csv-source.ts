import type { CheckContext } from './check-context.ts';
import { checkFeature } from './check-feature.ts';
import { checkFeatureNames } from './check-feature-names.ts';
import { checkFormats } from './check-formats.ts';
import { checkWideDelimiter } from './check-wide-delimiter.ts';
import type { CsvSource } from './csv-source-schema.ts';
import { memberOf } from './document-node.ts';
import { suggest } from './nearest.ts';
import { schemeOf } from './path-scheme.ts';
import { isWideDelimiter } from './wide-delimiter.ts';

/** What must hold between the keys of a CSV source and its features. */
export function checkCsvSource(source: CsvSource, check: CheckContext): void {
  const scheme = schemeOf(source.path);
  if (scheme !== null && scheme !== 'hdfs') {
    const message = `the source path is on ${scheme}://, which is not supported; supported: local files, globs, - and hdfs://`;
    check.problem(['path'], message, 'Write a local path, or hdfs://<connection>/….');
  }
  if (source.path.includes('\0')) check.problem(['path'], 'path holds a NUL character', 'Remove it.');
  checkDialect(source, check);
  checkColumns(source, check);
  checkFeatureNames(source.features, check);
  checkFormats(source, check);
  source.features.forEach((feature, index) => {
    checkFeature(feature, source, check.below(['features', index]));
  });
}

/** Keys of which no two may be the same character. */
const MARKS = ['delimiter', 'quote', 'row_delimiter', 'comment'] as const;
function checkDialect(source: CsvSource, check: CheckContext): void {
  const { delimiter, quote, escape: escaper } = source;
  const first = new Map<string, (typeof MARKS)[number]>();
  for (const key of MARKS) {
    const mark = source[key];
    if (mark === undefined || mark === null) continue;
    const other = first.get(mark);
    first.set(mark, other ?? key);
    if (other === undefined) continue;
    const at = memberOf(check.node, other) === null ? key : other;
    check.problem([at], `${other} and ${key} are both ${JSON.stringify(mark)}`, 'Change one of them.');
  }
  if (isWideDelimiter(delimiter)) checkWideDelimiter(source, check);
  if (source.trim && (delimiter === ' ' || delimiter === '\t')) {
    check.problem(
      ['trim'],
      `trim is true, but delimiter is ${JSON.stringify(delimiter)}, which it drops`,
      'Set trim to false.',
    );
  }
  if (source.trim && source.escape !== undefined && quote === null) {
    check.problem(['trim'], 'trim is true, but escapes stand outside quotes', 'Remove trim or escape.');
  }
  if (source.thousands_separator === source.decimal_separator) {
    const message = `decimal_separator and thousands_separator are both ${JSON.stringify(source.decimal_separator)}`;
    check.problem(['thousands_separator'], message, 'Change one of them.');
  }
  if (escaper !== undefined) {
    if (quote === null) {
      if (escaper !== '\\') {
        const message = `escape is ${JSON.stringify(escaper)}, and quote is null: then "\\\\" is possible`;
        check.problem(['escape'], message, 'Write a backslash, or remove escape.');
      }
    } else if (escaper !== quote && escaper !== '\\') {
      const message = `escape is ${JSON.stringify(escaper)}, ${JSON.stringify(quote)} or "\\\\" is possible`;
      check.problem(['escape'], message, 'Write the quote itself (doubled quotes) or a backslash.');
    }
    if (escaper === delimiter) {
      check.problem(['escape'], `escape and delimiter are both ${JSON.stringify(escaper)}`, 'Change one of them.');
    }
  }
  const both = source.true_values.filter((text) => source.false_values.includes(text));
  if (both.length > 0) {
    const message = `true_values and false_values both hold ${both.map((text) => JSON.stringify(text)).join(', ')}`;
    check.problem(['false_values'], message, 'Keep each text in one of them.');
  }
}

function checkColumns(source: CsvSource, check: CheckContext): void {
  const { columns, header } = source;
  if (columns === undefined) {
    if (header) return;
    source.features.forEach((feature, index) => {
      if (feature.from === undefined) return;
      const message = 'from is set, but the source has neither a header nor columns to look it up in';
      check.problem(['features', index, 'from'], message, 'Declare columns, or leave from out: position counts then.');
    });
    return;
  }
  if (header) {
    const message = 'columns is set, but header is true: the names are read from the file';
    check.problem(['columns'], message, 'Set header to false, or remove columns.');
    return;
  }
  if (columns.length > source.max_columns) {
    const message = `columns names ${columns.length}, max_columns is ${source.max_columns}`;
    check.problem(['columns'], message, 'Raise max_columns.');
  }
  source.features.forEach((feature, index) => {
    if (feature.value !== undefined) return;
    const wanted = feature.from ?? feature.name;
    const found = columns.filter((column) => column === wanted).length;
    const at = ['features', index, feature.from === undefined ? 'name' : 'from'];
    if (found === 0) {
      if (!check.whole(['columns'])) return;
      check.problem(at, `columns holds no ${JSON.stringify(wanted)}`, suggest(wanted, columns));
    } else if (found > 1) {
      check.problem(
        at,
        `columns holds ${JSON.stringify(wanted)} ${found} times`,
        'Give each column a name of its own.',
      );
    }
  });
}
