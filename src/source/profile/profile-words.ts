import {
  WORD_BOOLEAN,
  WORD_BYTES,
  WORD_NULL,
  WORD_SIGN,
  WORD_SLOT_SIZE,
  WORD_SLOTS,
} from '../../kernel/assembly/profile-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** One-digit booleans, which the kernel counts by their digit: they must come first. */
const DIGITS = ['0', '1'];

const BOOLEANS = [
  ...'true True TRUE false False FALSE t T f F yes Yes YES no No NO y Y n N on On ON off Off OFF'.split(' '),
  ...'ja Ja JA nein Nein NEIN oui Oui OUI non Non NON wahr Wahr WAHR falsch Falsch FALSCH'.split(' '),
  ...'vrai Vrai VRAI faux Faux FAUX'.split(' '),
];

/** What people, spreadsheets, databases and data frames write where there is no value. */
const NULLS = [
  ...'NA na N/A n/a N/a N.A. n.a. NaN nan NAN -NaN -nan NULL Null null NIL Nil nil None NONE none \\N'.split(' '),
  ...'- -- --- . .. ? * #N/A #NA #NV <NA> <null> <NULL> (null) (NULL) [null] [NULL] {null} undefined'.split(' '),
  ...'missing Missing MISSING unavailable'.split(' '),
  '#N/A N/A',
  'not available',
];

const SIGNS = [
  ...'% $ € £ ¥ ₹ ₽ ₩ ₺ ₫ ₴ ₦ ₪ ฿ ₱ ₡ ₲ ₸ R$ US$ A$ C$ NZ$ HK$ S$ kr zł Kč Ft Fr CHF USD EUR GBP JPY CNY INR RUB'.split(
    ' ',
  ),
  ...'KRW TRY BRL CAD AUD NZD HKD SGD SEK NOK DKK PLN CZK HUF MXN ZAR ILS THB'.split(' '),
];

/** A word that means something to a profile. */
export interface ProfileWord {
  readonly text: string;
  readonly kind: 'null' | 'boolean' | 'sign';
}

const KINDS = { null: WORD_NULL, boolean: WORD_BOOLEAN, sign: WORD_SIGN } as const;

/** The words to look for, each once: the usual ones, and the spellings of true and false that a plan declares. */
export function listWords(booleans: readonly string[]): readonly ProfileWord[] {
  const words = new Map<string, ProfileWord['kind']>();
  for (const text of [...DIGITS, ...BOOLEANS, ...booleans.filter(isShort)]) words.set(text, 'boolean');
  for (const text of NULLS) if (!words.has(text)) words.set(text, 'null');
  for (const text of SIGNS) if (!words.has(text)) words.set(text, 'sign');
  return [...words].slice(0, WORD_SLOTS >> 1).map(([text, kind]) => ({ text, kind }));
}

function isShort(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes > 0 && bytes <= WORD_BYTES;
}

/** Bytes of the table that `writeWords` makes. */
export const WORD_TABLE_BYTES = WORD_SLOTS * WORD_SLOT_SIZE + 64;

/** Makes the table of words at an address. */
export function writeWords(kernel: Kernel, table: number, words: readonly ProfileWord[]): void {
  const scratch = table + WORD_SLOTS * WORD_SLOT_SIZE;
  kernel.bytes.fill(0, table, table + WORD_TABLE_BYTES);
  words.forEach(({ text, kind }, index) => {
    const bytes = Buffer.from(text);
    kernel.bytes.set(bytes, scratch);
    kernel.exports.profileWord(table, scratch, bytes.length, index, KINDS[kind]);
  });
}
