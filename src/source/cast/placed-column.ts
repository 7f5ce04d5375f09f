import { storageOf } from '../../batch/storage.ts';
import {
  COL_ALIAS,
  COL_BITS,
  COL_FORMAT,
  COL_KIND,
  COL_LEAST,
  COL_MOST,
  COL_NULLABLE,
  COL_ON_LOSS,
  COL_POSITION,
  COL_PRECISION,
  COL_RANGED,
  COL_RANK,
  COL_SCALE,
  COL_SIGNED,
  COL_SIZE,
  COL_STYLE,
  COL_TABLE,
  COL_UNIT,
  COL_VALIDITY,
  COL_VALUES,
  COL_WIDTH,
  COL_ZONE,
  COL_ZONED,
  KIND_BINARY,
  KIND_BOOLEAN,
  KIND_DATE,
  KIND_DECIMAL,
  KIND_FLOAT,
  KIND_INT,
  KIND_JSON,
  KIND_LINE,
  KIND_TEXT,
  KIND_TIME,
  KIND_TIMESTAMP,
  KIND_UUID,
  ON_LOSS_NULL,
  ON_LOSS_REJECT,
  ON_LOSS_ROUND,
  ON_LOSS_TRUNCATE,
  WIDTH_BITS,
  WIDTH_BYTES,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { LogicalType, TimeUnit } from '../../metadata/logical-type.ts';
import type { CastField } from './cast-field.ts';

const UNIT_DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };
const ON_LOSS = {
  reject: ON_LOSS_REJECT,
  truncate: ON_LOSS_TRUNCATE,
  round: ON_LOSS_ROUND,
  null: ON_LOSS_NULL,
} as const;

/** One output column as the kernel sees it. */
export interface PlacedColumn {
  readonly field: CastField;
  /** Index into the fields of the plan. */
  readonly index: number;
  readonly kind: number;
  /** Bytes of a value; `WIDTH_BITS` or `WIDTH_BYTES` where there is no such number. */
  readonly width: number;
  readonly values: number;
  readonly validity: number;
  /** Address of its descriptor; 0 for a constant, which the kernel does not see. */
  readonly descriptor: number;
  /** Address of the data of a constant's text. */
  readonly data: number;
}

/** The kernel loop of a type. */
export function kindOf(type: LogicalType): number {
  switch (type.kind) {
    case 'int':
      return KIND_INT;
    case 'float':
      return KIND_FLOAT;
    case 'decimal':
      return KIND_DECIMAL;
    case 'boolean':
      return KIND_BOOLEAN;
    case 'string':
      return KIND_TEXT;
    case 'json':
      return KIND_JSON;
    case 'binary':
      return KIND_BINARY;
    case 'uuid':
      return KIND_UUID;
    case 'date':
      return KIND_DATE;
    case 'time':
      return KIND_TIME;
    case 'timestamp':
      return KIND_TIMESTAMP;
  }
}

/** Bytes of a value of a type as descriptors say it. */
export function widthOf(type: LogicalType): number {
  const storage = storageOf(type);
  if (storage.kind === 'bits') return WIDTH_BITS;
  return storage.kind === 'bytes' ? WIDTH_BYTES : storage.width;
}

/** Bytes that the values (or offsets) of `rows` rows take. */
export function valueBytes(width: number, rows: number): number {
  if (width === WIDTH_BITS) return (rows + 7) >> 3;
  return width === WIDTH_BYTES ? (rows + 1) * 4 : rows * width;
}

export interface ColumnPlace {
  readonly descriptor: number;
  readonly rank: number;
  readonly position: number;
  readonly values: number;
  readonly validity: number;
  /** Descriptor of the column whose buffers it shares, or 0. */
  readonly alias: number;
  /** Addresses of the table of true and false, the zone, the format and the number style, or 0. */
  readonly table: number;
  readonly zone: number;
  readonly format: number;
  readonly style: number;
}

/** Writes one column descriptor and answers its kind. */
export function writeDescriptor(kernel: Kernel, field: CastField, place: ColumnPlace): number {
  const { type, nullable } = field.field;
  const kind = field.constant?.kind === 'line' ? KIND_LINE : kindOf(type);
  const slots: readonly (readonly [number, number])[] = [
    [COL_KIND, kind],
    [COL_POSITION, place.position],
    [COL_NULLABLE, nullable ? 1 : 0],
    [COL_VALUES, place.values],
    [COL_VALIDITY, place.validity],
    [COL_RANK, place.rank],
    [COL_WIDTH, widthOf(type)],
    [COL_BITS, type.kind === 'int' || type.kind === 'float' ? type.bits : 0],
    [COL_SIGNED, type.kind === 'int' && type.signed ? 1 : 0],
    [COL_SCALE, type.kind === 'decimal' ? type.scale : 0],
    [COL_PRECISION, type.kind === 'decimal' ? type.precision : 0],
    [COL_UNIT, type.kind === 'time' || type.kind === 'timestamp' ? UNIT_DIGITS[type.unit] : 0],
    [COL_ZONED, type.kind === 'timestamp' && type.zoned ? 1 : 0],
    [COL_ON_LOSS, ON_LOSS[field.onLoss]],
    [COL_ALIAS, place.alias],
    [COL_TABLE, place.table],
    [COL_ZONE, place.zone],
    [COL_FORMAT, place.format],
    [COL_STYLE, place.style],
    [COL_RANGED, field.range === undefined ? 0 : 1],
  ];
  kernel.bytes.fill(0, place.descriptor, place.descriptor + COL_SIZE);
  for (const [slot, value] of slots) kernel.view.setUint32(place.descriptor + slot, value, true);
  if (field.range !== undefined) {
    kernel.view.setBigInt64(place.descriptor + COL_LEAST, BigInt(field.range.least), true);
    kernel.view.setBigInt64(place.descriptor + COL_MOST, BigInt(field.range.greatest), true);
  }
  return kind;
}
