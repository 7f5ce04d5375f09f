import type { SplitKey } from './split-key.ts';

const DAY_MS = 86_400_000;

/** Values of a key as whole numbers, and back as literals: ranges are computed with nothing else. */
export interface KeyValues {
  /** Null for what has no number (a zero date). */
  numberOf(text: string): bigint | null;
  /** SQL of the value. */
  literal(value: bigint): string;
}

const BY_FAMILY: Readonly<Record<Exclude<SplitKey['family'], 'uuid'>, KeyValues>> = {
  integer: {
    numberOf: (text) => (/^-?\d+$/.test(text) ? BigInt(text) : null),
    literal: (value) => value.toString(),
  },
  date: {
    numberOf: (text) => {
      const time = Date.parse(`${text}T00:00:00Z`);
      return Number.isNaN(time) ? null : BigInt(Math.floor(time / DAY_MS));
    },
    literal: (value) => `DATE'${new Date(Number(value) * DAY_MS).toISOString().slice(0, 10)}'`,
  },
  timestamp: {
    numberOf: (text) => {
      const [, day, clock, fraction = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
      const time = Date.parse(`${day}T${clock}Z`);
      return Number.isNaN(time) ? null : BigInt(time) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
    },
    literal: (value) => {
      const micros = ((value % 1000n) + 1000n) % 1000n;
      const text = new Date(Number((value - micros) / 1000n)).toISOString().slice(0, 23).replace('T', ' ');
      return `TIMESTAMP'${text}${micros.toString().padStart(3, '0')}'`;
    },
  },
};

/** How a key is reckoned with. */
export function keyValues(family: Exclude<SplitKey['family'], 'uuid'>): KeyValues {
  return BY_FAMILY[family];
}
