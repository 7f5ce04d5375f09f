/** Marsaglia's xorshift32: small, seeded, and the same everywhere. */
export function randomSource(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Words to pick from, as bytes, so that a row is written without making a string. */
export interface Vocabulary {
  readonly statuses: readonly Buffer[];
  readonly cities: readonly Buffer[];
  readonly words: readonly Buffer[];
  /** `YYYY-MM-DD ` by days since `firstDay`. */
  readonly days: readonly Buffer[];
  /** `HH:MM:SS`, eight bytes for each second of a day. */
  readonly clock: Buffer;
}

export const FIRST_DAY = Date.UTC(2023, 0, 1);
const DAYS = 1500;

export function vocabulary(seed: number): Vocabulary {
  const random = randomSource(seed);
  const syllables = [
    'ba',
    'den',
    'kor',
    'li',
    'mün',
    'no',
    'ra',
    'sel',
    'to',
    'ville',
    'wick',
    'zé',
    'ham',
    'os',
    'ter',
  ];
  const word = (count: number): string =>
    Array.from({ length: count }, () => syllables[random() % syllables.length]).join('');
  const capital = (text: string): string => text[0]?.toUpperCase() + text.slice(1);
  const clock = Buffer.alloc(86_400 * 8);
  for (let second = 0; second < 86_400; second++) {
    clock.write(new Date(second * 1000).toISOString().slice(11, 19), second * 8, 'latin1');
  }
  return {
    statuses: ['new', 'paid', 'packed', 'shipped', 'returned', 'cancelled'].map((text) => Buffer.from(text)),
    cities: Array.from({ length: 2000 }, () => Buffer.from(capital(word(2 + (random() % 2))))),
    words: Array.from({ length: 500 }, () => Buffer.from(word(1 + (random() % 2)))),
    days: Array.from({ length: DAYS }, (_, day) =>
      Buffer.from(`${new Date(FIRST_DAY + day * 86_400_000).toISOString().slice(0, 10)} `),
    ),
    clock,
  };
}
