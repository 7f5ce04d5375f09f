import { AtlasError } from '../errors.ts';
import type { GivenDialect } from '../flow/sniff.ts';
import { ENCODINGS, type Encoding } from '../metadata/encodings.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { flag, globals, type Values } from './read-options.ts';

export interface InitOptions extends GlobalOptions {
  /** As typed. */
  readonly files: readonly string[];
  /** What is said of the files, and not guessed. */
  readonly given: GivenDialect;
  /** `--table`, as typed: of a database. */
  readonly tables: readonly string[];
  /** `--ocs NAME`: write `metadata/NAME.jsonc`; null = standard output. */
  readonly ocs: string | null;
  /** Name of the dataset; null = after its file. */
  readonly name: string | null;
  /** Replace a document that is there. */
  readonly force: boolean;
  /** Every decision with its reasons. */
  readonly explain: boolean;
}

/** Marks that are hard to type. */
const NAMED: Readonly<Record<string, string>> = {
  tab: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
  blank: ' ',
  '\\t': '\t',
  '\\x1f': '\u001f',
  '\\x1e': '\u001e',
  '\\x01': '\u0001',
};

/** Reads the options of `init`. Fails with ATLAS_USAGE. */
export function initOptions(values: Values, args: readonly string[], io: Io): InitOptions {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const mark = (name: string): string | undefined => {
    const typed = text(name);
    return typed === undefined ? undefined : (NAMED[typed] ?? typed);
  };
  const one = (name: string, flagName: string): string | null | undefined => {
    const typed = mark(name);
    if (typed === undefined || typed === 'none') return typed === 'none' ? null : undefined;
    if (/^[^\n\r\u0080-\uffff]$/.test(typed)) return typed;
    throw usage(flagName, typed, 'one single-byte character, or none,');
  };
  const escaper = mark('escape');
  if (escaper !== undefined && escaper !== '\\' && escaper !== 'backslash' && escaper !== 'doubled') {
    throw usage('--escape', escaper, 'doubled or backslash');
  }
  const quote = one('quote', '--quote');
  const given: GivenDialect = {
    ...defined('compression', text('compression') as GivenDialect['compression']),
    ...defined('encoding', encodingOf(text('encoding'))),
    ...defined('delimiter', delimiterOf(mark('delimiter'))),
    ...defined('quote', quote),
    ...(escaper === undefined ? {} : { escape: escaper === 'doubled' ? (quote ?? '"') : '\\' }),
    ...defined('comment', one('comment', '--comment')),
    ...defined('trim', values['trim'] as boolean | undefined),
    ...defined('header', values['header'] as boolean | undefined),
    ...defined('skipRows', (values['skipRows'] as number | null) ?? undefined),
  };
  return {
    ...globals(values, io),
    files: args,
    given,
    tables: (values['table'] as readonly string[] | undefined) ?? [],
    ocs: (values['ocs'] as string | null) ?? null,
    name: (values['name'] as string | null) ?? null,
    force: flag(values, 'force'),
    explain: flag(values, 'explain'),
  };
}

function defined<K extends keyof GivenDialect>(key: K, value: GivenDialect[K] | undefined): Pick<GivenDialect, K> {
  return (value === undefined ? {} : { [key]: value }) as Pick<GivenDialect, K>;
}

function usage(name: string, typed: string, expected: string): AtlasError {
  return new AtlasError('ATLAS_USAGE', `${name} is ${JSON.stringify(typed)}, ${expected} is expected`);
}

function delimiterOf(typed: string | undefined): string | undefined {
  if (typed === undefined || /^(?:[^\n\r\u0080-\uffff]|[^\n\r]{2,16})$/u.test(typed)) return typed;
  throw usage('--delimiter', typed, 'one single-byte character, or up to 16 characters,');
}

function encodingOf(typed: string | undefined): Encoding | undefined {
  if (typed === undefined) return undefined;
  const found = ENCODINGS.find((each) => each === typed.toLowerCase());
  if (found !== undefined) return found;
  throw usage('--encoding', typed, `one of ${ENCODINGS.join(', ')}`);
}
