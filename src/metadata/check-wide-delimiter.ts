import type { CheckContext } from './check-context.ts';
import type { CsvSource } from './csv-source-schema.ts';
import { memberOf } from './document-node.ts';
import { WIDE_STAND_IN } from './wide-delimiter.ts';

/** What people write for a character, and would not find as such in any file. */
const DELIMITER_WORDS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '\\t': '\t',
  tab: '\t',
  comma: ',',
  semicolon: ';',
  colon: ':',
  pipe: '|',
  space: ' ',
  '\\x1f': '\u001f',
  '\\u001f': '\u001f',
});

/** What must hold beside a delimiter of several bytes. */
export function checkWideDelimiter(source: CsvSource, check: CheckContext): void {
  const { delimiter, quote, escape: escaper, comment } = source;
  const shown = JSON.stringify(delimiter);
  const meant = DELIMITER_WORDS[delimiter.toLowerCase()];
  if (meant !== undefined) {
    const message = `delimiter is ${shown}, which parts fields where just these letters stand`;
    check.problem(['delimiter'], message, `Write ${JSON.stringify(meant)}.`);
  }
  for (const [key, mark] of [
    ['quote', quote],
    ['escape', escaper],
    ['comment', comment],
  ] as const) {
    if (mark === null || mark === undefined || !delimiter.includes(mark)) continue;
    if (key === 'escape' && mark === quote) continue;
    const message = `the delimiter ${shown} holds the ${key}, ${JSON.stringify(mark)}`;
    check.problem(['delimiter'], message, `Change ${key}, or remove it.`);
  }
  if (memberOf(check.node, 'row_delimiter') !== null) {
    const message = `row_delimiter is set, but the delimiter ${shown} has several bytes: such files are read another way, by lines`;
    check.problem(['row_delimiter'], message, 'Remove row_delimiter, or convert the files to a single-byte delimiter.');
  }
  if (quote === null && escaper !== undefined) {
    const message = `escape is set and quote is null, but the delimiter ${shown} has several bytes: such files are read another way`;
    check.problem(['escape'], message, 'Remove escape, or convert the files to a single-byte delimiter.');
  }
  if (source.trim && /^[ \t]|[ \t]$/.test(delimiter)) {
    check.problem(
      ['trim'],
      `trim is true, but the delimiter ${shown} begins or ends with a blank`,
      'Set trim to false.',
    );
  }
  for (const spelling of source.null_values) {
    if (!/["\n\r]/.test(spelling) && !spelling.includes(WIDE_STAND_IN)) continue;
    const message = `null_values holds ${JSON.stringify(spelling)}, which cannot be told from text where the delimiter has several bytes`;
    check.problem(['null_values'], message, 'Remove it, or convert the files to a single-byte delimiter.');
  }
}
