import type { ErrorCode } from '../../errors.ts';
import type { FeaturePlan, WireForm } from '../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../metadata/logical-type.ts';
import { finerThan } from './finer-than.ts';
import { typeOfHeld } from './propose-type.ts';
import { bare, type Held, type ServerValue, type Sql } from './server-value.ts';

/** How a column is selected for a feature. */
export interface Selection {
  readonly sql: Sql;
  readonly wire: WireForm;
}

/** Why a feature cannot take a column, behind the words "column x is numeric(20,4)". */
export interface Mismatch {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly hint: string;
  /** What a feature as fine as the column would select. */
  readonly selection: Selection | null;
}

type Taker = Pick<FeaturePlan, 'type' | 'onLoss' | 'timezone'>;

/**
 * Decides how the values of a server's type become a feature: in binary where the decoder makes them exactly, else as text, which the
 * rules of CSV fields cast; or why they cannot. What may or may not fit (a bigint into an int32, text into a date) is left to each row; a
 * column that is finer than its feature is refused, unless the feature says what becomes of what it cannot hold. Pure.
 */
export function matchColumn(value: ServerValue, feature: Taker): Selection | Mismatch {
  const selection = select(value, feature);
  if (selection === null) return mismatch(value.held, feature.type);
  const finer = feature.onLoss === 'reject' && finerThan(value.held, feature.type);
  if (!finer) return selection;
  const problem = `finer than ${nameLogicalType(feature.type)}`;
  const hint = `Declare ${exact(value.held, feature.type)}, or set on_loss.`;
  return { code: 'ATLAS_PLAN_LOSSY', problem, hint, selection };
}

/** null where the types have nothing to do with each other. */
function select(value: ServerValue, { type, timezone }: Taker): Selection | null {
  const { held, wire } = value;
  const text: Selection = { sql: value.text, wire: { form: 'text' } };
  const itself: Selection = { sql: bare, wire: { form: 'text' } };
  const binary = wire === null ? text : { sql: value.binary, wire };
  const among = (...kinds: readonly Held['kind'][]): Selection | null => (kinds.includes(held.kind) ? binary : null);
  if (type.kind === 'string') return held.kind === 'bytes' ? itself : text;
  // text says itself what it is, row by row
  if (held.kind === 'text') return type.kind === 'binary' ? itself : { sql: value.binary, wire: { form: 'text' } };
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return among('int', 'decimal', 'bits');
    case 'float':
      return among('int', 'decimal', 'float');
    case 'boolean':
      return among('boolean', 'int', 'bits');
    case 'date':
      return held.kind === 'timestamp' && held.zoned ? null : among('date', 'timestamp');
    case 'time':
      return among('time');
    case 'timestamp': {
      if (held.kind === 'timestamp' && held.zoned) return type.zoned ? binary : null;
      // what is read in a zone of its own is read as text
      if (held.kind !== 'timestamp' && held.kind !== 'date') return null;
      return type.zoned && timezone !== 'UTC' ? text : binary;
    }
    case 'json':
      return held.kind === 'bytes' ? itself : among('json', 'array');
    case 'binary':
      return among('bytes');
    case 'uuid':
      return held.kind === 'bytes' ? text : among('uuid');
  }
}

function mismatch(held: Held, type: LogicalType): Mismatch {
  const problem = `and ${nameLogicalType(type)} cannot hold that`;
  if (held.kind === 'timestamp' && held.zoned && (type.kind === 'timestamp' || type.kind === 'date')) {
    const hint = `Declare ${typeOfHeld(held)}, or say in a query in which zone it is to be read (AT TIME ZONE).`;
    return { code: 'ATLAS_DB_TYPE', problem, hint, selection: null };
  }
  const hint = `Declare ${typeOfHeld(held)}, or cast it in a query.`;
  return { code: 'ATLAS_DB_TYPE', problem, hint, selection: null };
}

/** The type that is as fine as the column, of instants where the feature has them. */
function exact(held: Held, type: LogicalType): string {
  if (held.kind === 'timestamp' && type.kind === 'timestamp') return typeOfHeld({ ...held, zoned: type.zoned });
  if (held.kind === 'time') return typeOfHeld({ ...held, daily: true });
  return typeOfHeld(held);
}
