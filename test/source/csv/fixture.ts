import { readdirSync, readFileSync } from 'node:fs';
import type { Spans } from '../../../src/flow/tally.ts';
import type { Cell } from '../../conformance/source/rows-of.ts';
import type { SourceInput } from './plan-of.ts';

export const FIXTURES = new URL('../../fixtures/csv/', import.meta.url).pathname;

export interface ExpectedReject {
  /** 1-based, in the file. */
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly column: string | null;
  readonly code: string;
  readonly raw?: string;
  readonly rawBase64?: string;
  /** Where the path is a glob. */
  readonly file?: string;
}

/** What `x.expected.json` says of `x.csv`. */
export interface Expected {
  /** What the pair proves. */
  readonly clause: string;
  /** As metadata writes it; `path` is a glob in this folder where the pair has several files. */
  readonly source: Omit<SourceInput, 'path'> & { readonly path?: string };
  readonly rows?: readonly (readonly Cell[])[];
  readonly rejects?: readonly ExpectedReject[];
  readonly spans?: Spans;
  readonly empty?: boolean;
  readonly ignored?: readonly string[];
  readonly error?: { readonly code: string; readonly says: readonly string[] };
}

export interface Fixture {
  readonly name: string;
  /** Null where the path is a glob. */
  readonly bytes: Buffer | null;
  readonly expected: Expected;
}

/** All pairs, by listing the folder; a file without its other half fails. */
export function listFixtures(folder = FIXTURES, ending = 'csv'): Fixture[] {
  const files = new Set(readdirSync(folder).filter((name) => !name.startsWith('.')));
  const fixtures: Fixture[] = [];
  for (const file of [...files].sort()) {
    const name = file.endsWith(`.${ending}`)
      ? file.slice(0, -ending.length - 1)
      : file.replace(/\.expected\.json$/, '');
    if (file.endsWith(`.${ending}`) && !files.has(`${name}.expected.json`))
      throw new Error(`${file} has no expected.json`);
    if (!file.endsWith('.expected.json')) continue;
    const expected = JSON.parse(readFileSync(folder + file, 'utf8')) as Expected;
    const single = expected.source.path === undefined;
    if (single && !files.has(`${name}.${ending}`)) throw new Error(`${file} has no ${ending}`);
    fixtures.push({ name, bytes: single ? readFileSync(`${folder}${name}.${ending}`) : null, expected });
  }
  return fixtures;
}

/** Whether the bytes of the spans are those of the file: not of the text that it was turned into. */
export function isReadAsStored({ source }: Expected): boolean {
  const { encoding = 'utf-8', delimiter = ',' } = source;
  return encoding === 'utf-8' && Buffer.byteLength(String(delimiter)) === 1;
}
