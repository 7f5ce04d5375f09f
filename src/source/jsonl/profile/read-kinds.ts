import type { ColumnProfile } from '../../../flow/profile.ts';
import {
  KINDS_EMPTY,
  KINDS_FALSE,
  KINDS_NESTED,
  KINDS_NUMBERS,
  KINDS_TEXTS,
  KINDS_TRUE,
} from '../../../kernel/assembly/json-layout.ts';
import { type BlockKey, readBlock } from '../../profile/profile-block.ts';

/**
 * A column's profile from its counters. A value is what JSON says it is: a text that reads like a number stays a text, and only dates,
 * times and UUIDs are looked for in texts, because JSON has none of its own.
 */
export function readKinds(
  view: DataView,
  at: { readonly block: number; readonly kinds: number },
  key: BlockKey,
  column: Pick<ColumnProfile, 'name' | 'position'>,
): ColumnProfile {
  const count = (slot: number): number => Number(view.getBigUint64(at.kinds + slot, true));
  const [texts, numbers, nested] = [count(KINDS_TEXTS), count(KINDS_NUMBERS), count(KINDS_NESTED)];
  const booleans = [
    { text: 'true', fields: count(KINDS_TRUE) },
    { text: 'false', fields: count(KINDS_FALSE) },
  ].filter(({ fields }) => fields > 0);
  const words = booleans.reduce((sum, { fields }) => sum + fields, 0);
  const values = texts + numbers + words + nested;
  const block = readBlock(view, at.block, key, column);
  const [onlyTexts, onlyNumbers] = [texts === values, numbers === values];
  // an empty text is none of them
  const dated = onlyTexts && count(KINDS_EMPTY) === 0;
  return {
    ...block,
    values,
    nulls: [],
    quotedNulls: [],
    booleans: words === values ? booleans : [],
    uuids: dated ? block.uuids : 0,
    bareUuids: dated ? block.bareUuids : 0,
    json: nested,
    numbers: onlyNumbers ? block.numbers.filter(({ decimal, thousands }) => decimal === '.' && thousands === null) : [],
    times: dated ? block.times.filter(({ format }) => format === null) : [],
    signs: [],
    kinds: { texts, numbers, booleans: words, nested },
  };
}
