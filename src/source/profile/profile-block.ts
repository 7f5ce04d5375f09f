import type { ColumnProfile, SpellingCount } from '../../flow/profile.ts';
import {
  P_BARE_UUIDS,
  P_EMPTY,
  P_FIELDS,
  P_INVALID,
  P_JSON,
  P_LONGEST,
  P_NAMED,
  P_PADDED,
  P_QUOTED_EMPTY,
  P_UUIDS,
  P_WORDS,
} from '../../kernel/assembly/profile-layout.ts';
import { readNumbers } from './profile-numbers.ts';
import { readTimes } from './profile-times.ts';
import type { ProfileWord } from './profile-words.ts';

/** What the counters of a column are of. */
export interface BlockKey {
  readonly words: readonly ProfileWord[];
  /** `null_values` of the plan. */
  readonly nullValues: readonly string[];
}

const COUNTERS = 16;
const ALIGN = 64;

/** Where the declared nulls are counted, and the bytes of a column's counters. */
export function layOutBlock({ words, nullValues }: BlockKey): { readonly declared: number; readonly stride: number } {
  const declared = P_WORDS + words.length * COUNTERS;
  return { declared, stride: Math.ceil((declared + nullValues.length * COUNTERS) / ALIGN) * ALIGN };
}

/** A column's profile from its counters. */
export function readBlock(
  view: DataView,
  block: number,
  key: BlockKey,
  { name, position }: Pick<ColumnProfile, 'name' | 'position'>,
): ColumnProfile {
  const count = (slot: number): number => readCount(view, block + slot);
  const { declared } = layOutBlock(key);
  const wordsOf = (kind: ProfileWord['kind'], quoted: 0 | 8): SpellingCount[] => {
    const found: SpellingCount[] = [];
    for (const [i, { text, kind: is }] of key.words.entries()) {
      const fields = is === kind ? count(P_WORDS + i * COUNTERS + quoted) : 0;
      if (fields > 0) found.push({ text, fields });
    }
    return found;
  };
  const declaredOf = (quoted: 0 | 8): SpellingCount[] =>
    key.nullValues.map((text, i) => ({ text, fields: count(declared + i * COUNTERS + quoted) }));
  const nulls = join([...declaredOf(0), ...wordsOf('null', 0)]);
  const quotedNulls = join([...declaredOf(8), ...wordsOf('null', 8)]);
  const [fields, empty, quotedEmpty] = [count(P_FIELDS), count(P_EMPTY), count(P_QUOTED_EMPTY)];
  return {
    name,
    position,
    fields,
    empty,
    quotedEmpty,
    values: fields - empty - quotedEmpty - sum(nulls) - sum(quotedNulls),
    nulls,
    quotedNulls,
    longest: view.getUint32(block + P_LONGEST, true),
    padded: count(P_PADDED),
    invalid: count(P_INVALID),
    booleans: join([...wordsOf('boolean', 0), ...wordsOf('boolean', 8)]),
    uuids: count(P_UUIDS),
    bareUuids: count(P_BARE_UUIDS),
    json: count(P_JSON),
    numbers: readNumbers(view, block, count(P_NAMED)),
    times: readTimes(view, block),
    signs: join(wordsOf('sign', 0)),
  };
}

/** A counter, without making a bigint of it. */
function readCount(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
}

/** One entry for each spelling that was found. */
function join(counts: readonly SpellingCount[]): readonly SpellingCount[] {
  const all = new Map<string, number>();
  for (const { text, fields } of counts) if (fields > 0) all.set(text, (all.get(text) ?? 0) + fields);
  return [...all].map(([text, fields]) => ({ text, fields }));
}

function sum(counts: readonly SpellingCount[]): number {
  return counts.reduce((total, { fields }) => total + fields, 0);
}
