import type { WireForm } from '../../flow/dataset-plan.ts';

/** What values a type of a server has, whichever server that is. */
export type Held =
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  /** null: any number of digits. */
  | { readonly kind: 'decimal'; readonly precision: number | null; readonly scale: number | null }
  /** `number`: leading zeroes mean nothing. `length`: bits at most; null = any number of them. */
  | { readonly kind: 'bits'; readonly length: number | null; readonly number: boolean }
  | { readonly kind: 'boolean' | 'text' | 'json' | 'bytes' | 'uuid' | 'date' | 'array' }
  /** `digits` of a second's fraction. `daily`: always within a day. */
  | { readonly kind: 'time'; readonly digits: number; readonly daily: boolean }
  | { readonly kind: 'timestamp'; readonly digits: number; readonly zoned: boolean }
  /** Nothing that a feature knows, told by its text. */
  | { readonly kind: 'other' };

/** Writes SQL around a column's name, which is quoted already. */
export type Sql = (name: string) => string;

/** A type of a server: what its values are, and how they can be selected. */
export interface ServerValue {
  readonly held: Held;
  /** How values come in binary; null where they are taken as text alone. */
  readonly wire: WireForm | null;
  /** SQL of what comes so; of text, of what is cast into other types. */
  readonly binary: Sql;
  /** SQL of their text, exact. */
  readonly text: Sql;
}

/** The name itself. */
export const bare: Sql = (name) => name;
