import type { ColumnProfile } from '../../flow/profile.ts';
import { allOf, type Verdict, verdictOf } from './guess-verdict.ts';

/** Spellings that go together; the digits go with the first. */
const FAMILIES: readonly { readonly true: readonly string[]; readonly false: readonly string[] }[] = [
  { true: ['true', 't'], false: ['false', 'f'] },
  { true: ['yes', 'y'], false: ['no', 'n'] },
  { true: ['on'], false: ['off'] },
  { true: ['ja'], false: ['nein'] },
  { true: ['oui'], false: ['non'] },
  { true: ['wahr'], false: ['falsch'] },
  { true: ['vrai'], false: ['faux'] },
];

/**
 * Booleans in words. Digits alone are integers, and letters alone need both sides: a column of nothing but `F` may be anything.
 * Spellings of different families are no boolean.
 */
export function inferBoolean({ values, booleans }: ColumnProfile): Verdict | null {
  if (booleans.reduce((sum, { fields }) => sum + fields, 0) !== values) return null;
  for (const [index, family] of FAMILIES.entries()) {
    const spelled = (words: readonly string[], digit: string): readonly string[] =>
      booleans
        .map(({ text }) => text)
        .filter((text) => words.includes(text.toLowerCase()) || (index === 0 && text === digit));
    const [yes, no] = [spelled(family.true, '1'), spelled(family.false, '0')];
    const words = [...yes, ...no].filter((text) => text !== '0' && text !== '1');
    if (yes.length + no.length !== booleans.length || words.length === 0) continue;
    const both = yes.length > 0 && no.length > 0;
    const certain = index === 0 && words.some((text) => text.length > 1);
    if (!both && !certain) return null;
    const shown = booleans.map(({ text, fields }) => `${JSON.stringify(text)} (${fields.toLocaleString('en-US')})`);
    const evidence = [`${allOf(values)} true or false: ${shown.join(', ')}`];
    const confidence = (both ? 0.97 : 0.7) - (certain ? 0 : 0.07);
    return verdictOf('boolean', confidence, evidence, { booleans: { true: yes, false: no } });
  }
  return null;
}
