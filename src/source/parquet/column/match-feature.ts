import type { ErrorCode } from '../../../errors.ts';
import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import { type ColumnKind, describeKind, exactType } from '../schema/column-kind.ts';
import { describeShape, isFlat, type Leaf, type SchemaNode } from '../schema/schema-node.ts';
import type { Cast } from './cast.ts';
import { castDecimal } from './cast-decimal.ts';
import { castFloat } from './cast-float.ts';
import { castInteger } from './cast-integer.ts';
import { castNumber, scaleOf } from './cast-number.ts';
import { castTime, castTimestamp, PER_SECOND } from './cast-time.ts';

/** How the values of a column become those of a feature. */
export type Taking =
  /** They are the same bytes. */
  | { readonly kind: 'copy' }
  | { readonly kind: 'bits' }
  | { readonly kind: 'cast'; readonly cast: Cast }
  | { readonly kind: 'text'; readonly check: 'utf8' | 'json' | 'none' }
  /** The column is made into JSON text, whatever it is. */
  | { readonly kind: 'assembled' };

/** Why a feature cannot take a column. */
export interface Mismatch {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Decides how a feature takes a column, or why it cannot: nothing is lost that the feature does not allow to be. */
export function matchFeature(node: SchemaNode, feature: FeaturePlan): Taking | Mismatch {
  const { leaf } = node;
  if (node.annotation === 'variant')
    return refused(feature, 'ATLAS_PARQUET_UNSUPPORTED', 'is a VARIANT', 'Leave it out.');
  if (leaf === null || !isFlat(node)) {
    if (feature.type.kind === 'json') return { kind: 'assembled' };
    return refused(
      feature,
      'ATLAS_PARQUET_NESTED',
      `is ${describeShape(node)}`,
      'Declare it as json, or leave it out.',
    );
  }
  if (leaf.kind.kind === 'unsupported') {
    const hint = 'Leave it out, or write the file with another type.';
    return refused(feature, 'ATLAS_PARQUET_UNSUPPORTED', `is ${leaf.kind.what}`, hint);
  }
  return take(leaf, leaf.kind, feature) ?? mismatch(leaf.kind, feature);
}

/** null where the types have nothing to do with each other. */
function take(leaf: Leaf, kind: ColumnKind, feature: FeaturePlan): Taking | Mismatch | null {
  const { type } = feature;
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return takeNumber(leaf, kind, type, feature);
    case 'float':
      return takeFloat(leaf, kind, type, feature);
    case 'boolean':
      return kind.kind === 'boolean' ? { kind: 'bits' } : null;
    case 'date':
      return kind.kind === 'date' ? { kind: 'copy' } : null;
    case 'uuid':
      return kind.kind === 'uuid' || (kind.kind === 'binary' && leaf.width === 16) ? { kind: 'copy' } : null;
    case 'time':
    case 'timestamp':
      return takeTime(leaf, kind, type, feature);
    case 'string':
      return isText(kind) || (kind.kind === 'binary' && leaf.width === 0) ? { kind: 'text', check: 'utf8' } : null;
    case 'json':
      return isText(kind) ? { kind: 'text', check: 'json' } : { kind: 'assembled' };
    case 'binary':
      return isText(kind) || kind.kind === 'binary' ? { kind: 'text', check: 'none' } : null;
  }
}

function isText({ kind }: ColumnKind): boolean {
  return kind === 'string' || kind === 'json';
}

function takeNumber(
  leaf: Leaf,
  kind: ColumnKind,
  type: Extract<LogicalType, { kind: 'int' | 'decimal' }>,
  feature: FeaturePlan,
): Taking | Mismatch | null {
  if (kind.kind !== 'int' && kind.kind !== 'decimal') return null;
  if (scaleOf(kind) > scaleOf(type) && feature.onLoss === 'reject') return finer(kind, feature);
  if (kind.kind === 'int' && type.kind === 'int') {
    const same = leaf.width * 8 === type.bits && kind.signed === type.signed && kind.bits === type.bits;
    return same
      ? { kind: 'copy' }
      : { kind: 'cast', cast: castInteger({ width: leaf.width, signed: kind.signed }, type, feature) };
  }
  const plain = kind.kind === 'decimal' && type.kind === 'decimal' && kind.scale === type.scale && leaf.width > 0;
  return { kind: 'cast', cast: plain ? castDecimal(leaf, type, feature) : castNumber(leaf, type, feature) };
}

function takeFloat(
  leaf: Leaf,
  kind: ColumnKind,
  type: Extract<LogicalType, { kind: 'float' }>,
  feature: FeaturePlan,
): Taking | Mismatch | null {
  if (kind.kind !== 'float' && kind.kind !== 'int') return null;
  if (kind.kind === 'float' && kind.bits === type.bits) return { kind: 'copy' };
  if (kind.kind === 'float' && kind.bits > type.bits && feature.onLoss === 'reject') return finer(kind, feature);
  return { kind: 'cast', cast: castFloat(leaf, type, feature) };
}

function takeTime(
  leaf: Leaf,
  kind: ColumnKind,
  type: Extract<LogicalType, { kind: 'time' | 'timestamp' }>,
  feature: FeaturePlan,
): Taking | Mismatch | null {
  if (kind.kind !== type.kind || (kind.kind !== 'time' && kind.kind !== 'timestamp')) return null;
  if (kind.kind === 'timestamp' && type.kind === 'timestamp' && kind.zoned === true && !type.zoned) {
    const hint = `Declare ${nameLogicalType({ ...type, zoned: true })}.`;
    return refused(feature, 'ATLAS_PARQUET_TYPE', `holds instants (adjusted to UTC), ${spelled(feature)} none`, hint);
  }
  // an INT96 says nothing of its unit: each value is looked at
  const declared = kind.kind === 'time' || kind.zoned !== null;
  if (declared && PER_SECOND[kind.unit] > PER_SECOND[type.unit] && feature.onLoss === 'reject')
    return finer(kind, feature);
  if (type.kind === 'time') return { kind: 'cast', cast: castTime(kind.unit, type, feature) };
  const { zoned } = kind as Extract<ColumnKind, { kind: 'timestamp' }>;
  const same = leaf.width === 8 && kind.unit === type.unit && (zoned === type.zoned || feature.timezone === 'UTC');
  return same
    ? { kind: 'copy' }
    : { kind: 'cast', cast: castTimestamp({ unit: kind.unit, zoned }, leaf.width, type, feature) };
}

function finer(kind: ColumnKind, feature: FeaturePlan): Mismatch {
  const exact = wide(kind, feature.type);
  const choice = exact === null ? 'Set on_loss.' : `Declare ${nameLogicalType(exact)}, or set on_loss.`;
  return refused(feature, 'ATLAS_PLAN_LOSSY', `is ${describeKind(kind)}, finer than ${spelled(feature)}`, choice);
}

/** The exact type, of instants where the feature has them. */
function wide(kind: ColumnKind, type: LogicalType): LogicalType | null {
  const exact = exactType(kind);
  return exact?.kind === 'timestamp' && type.kind === 'timestamp' ? { ...exact, zoned: type.zoned } : exact;
}

function mismatch(kind: ColumnKind, feature: FeaturePlan): Mismatch {
  const exact = exactType(kind);
  const hint = exact === null ? 'No type holds it: leave it out.' : `Declare ${nameLogicalType(exact)}.`;
  return refused(feature, 'ATLAS_PARQUET_TYPE', `is ${describeKind(kind)}, ${spelled(feature)} cannot hold that`, hint);
}

function spelled({ type }: FeaturePlan): string {
  return nameLogicalType(type);
}

function refused({ name, from }: FeaturePlan, code: ErrorCode, what: string, hint: string): Mismatch {
  const column = name === from ? `column ${JSON.stringify(from)}` : `column ${JSON.stringify(from)} (feature ${name})`;
  return { code, message: `${column} ${what}`, hint };
}
