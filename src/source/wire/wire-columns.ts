import { AtlasError } from '../../errors.ts';
import type { WireForm } from '../../flow/dataset-plan.ts';
import { COL_WIRE, CTX_COLUMN_COUNT, CTX_WIDTH, KIND_TEXT } from '../../kernel/assembly/csv-layout.ts';
import {
  FORM_BITS,
  FORM_BOOL,
  FORM_BYTES,
  FORM_DATE,
  FORM_FLOAT,
  FORM_INT,
  FORM_NUMERIC,
  FORM_TEXT,
  FORM_TIME,
  FORM_TIMESTAMP,
  FORM_UUID,
  WIRE_BYTES_SHIFT,
  WIRE_MYSQL,
  WIRE_SIGNED,
} from '../../kernel/assembly/wire-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import { AreaCursor } from '../cast/area-cursor.ts';
import type { CastField } from '../cast/cast-field.ts';
import { ColumnPlacer } from '../cast/column-placer.ts';
import { clearColumn, fillConstant } from '../cast/constant-column.ts';
import type { PlacedColumn } from '../cast/placed-column.ts';
import type { ZoneTable } from '../zone-table.ts';
import type { WireMemory } from './wire-memory.ts';
import { isWirePair } from './wire-pairs.ts';
import type { WireOptions, WirePlan, WireProtocol } from './wire-shape.ts';

const FORMS: Readonly<Record<WireForm['form'], number>> = {
  text: FORM_TEXT,
  bytes: FORM_BYTES,
  bool: FORM_BOOL,
  uuid: FORM_UUID,
  numeric: FORM_NUMERIC,
  date: FORM_DATE,
  time: FORM_TIME,
  timestamp: FORM_TIMESTAMP,
  bits: FORM_BITS,
  int: FORM_INT,
  float: FORM_FLOAT,
};

/** What databases print for true and false, and what people write. */
const BOOLEANS = {
  trueValues: ['t', 'true', 'True', 'TRUE', 'T', '1'],
  falseValues: ['f', 'false', 'False', 'FALSE', 'F', '0'],
} as const;

/** A column that is sent, as the kernel and the host see it. */
export interface SentColumn {
  readonly placed: PlacedColumn;
  readonly wire: WireForm;
  /** Its name in the table. */
  readonly from: string;
}

/** The columns of a decoder. */
export interface WireColumns {
  /** In the order of the row. */
  readonly sent: readonly SentColumn[];
  /** In the order of the features, constants included. */
  readonly all: readonly PlacedColumn[];
  /** Features that are the same in every row: constants, and columns that the table lacks. */
  readonly fixed: ReadonlySet<number>;
  /** The memory that batches overwrite. */
  readonly written: readonly [from: number, to: number];
}

/** Puts the columns of a plan into kernel memory. Fails with ATLAS_META_INVALID where a constant is not of its type. */
export function placeWireColumns(
  kernel: Kernel,
  plan: WirePlan,
  protocol: WireProtocol,
  memory: WireMemory,
  { loadedAt }: WireOptions,
  zones: Map<string, ZoneTable>,
): WireColumns {
  const { context, rowCap } = memory;
  const tables = new AreaCursor(memory.tables, memory.tableBytes, 'time zones');
  const area = new AreaCursor(memory.columns, memory.columnBytes, 'columns');
  const data = new AreaCursor(memory.constants, memory.constantBytes, 'constants');
  const placer = new ColumnPlacer(kernel, BOOLEANS, memory.descriptors, area, tables, rowCap, zones);
  const fields = plan.features.map((_feature, index) => fieldOf(plan, index));
  const facts = { file: plan.path, loadedAt };
  // All constants use the first descriptor, one after the other, before the columns need it.
  const fixed = fields.flatMap((field, index) => {
    if (field.position !== null) return [];
    const placed = placer.place(field, index, 0);
    if (field.constant !== null) return [fillConstant(kernel, context, placed, facts, rowCap, tables, data, zones)];
    clearColumn(kernel, placed, rowCap);
    return [{ ...placed, descriptor: 0 }];
  });
  const begin = area.at;
  const sent: SentColumn[] = [];
  fields.forEach((field, index) => {
    const column = plan.columns[index];
    if (field.position === null || column === null || column === undefined) return;
    const { wire } = column;
    if (!isWirePair(protocol, wire, field.field.type)) {
      const type = nameLogicalType(field.field.type);
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `${field.field.name}: ${wire.form} of ${protocol} is not cast into ${type}`,
      );
    }
    const placed = placer.place(field, index, field.position);
    kernel.view.setUint32(placed.descriptor + COL_WIRE, wireCode(wire, protocol), true);
    writeLength(kernel, memory.lengths, field.position, wire, protocol);
    // What the server has parsed need not be parsed once more.
    const parsed = protocol === 'postgresql' && /^jsonb?$/.test(column.serverType ?? '');
    const from = plan.features[index]?.from ?? '';
    sent.push({ placed: parsed ? { ...placed, kind: KIND_TEXT } : placed, wire, from });
  });
  // Constants were cast as records of one field.
  kernel.view.setUint32(context + CTX_WIDTH, memory.width, true);
  kernel.view.setUint32(context + CTX_COLUMN_COUNT, sent.length, true);
  const all = [...sent.map(({ placed }) => placed), ...fixed].sort((a, b) => a.index - b.index);
  return { sent, all, fixed: new Set(fixed.map(({ index }) => index)), written: [begin, area.at] };
}

function fieldOf({ features, columns }: WirePlan, index: number): CastField {
  const feature = features[index];
  if (feature === undefined) throw new AtlasError('ATLAS_INTERNAL', `there is no feature ${index}`);
  const { name, type, nullable, sensitive, constant, timezone, onLoss, range } = feature;
  const sent = columns[index] !== null && columns[index] !== undefined;
  if (sent && constant !== null) throw new AtlasError('ATLAS_INTERNAL', `${name} is a constant and a column`);
  const position = sent ? columns.slice(0, index).filter((column) => column !== null).length : null;
  return {
    field: { name, type, nullable, sensitive },
    position,
    constant,
    format: null,
    timezone,
    onLoss,
    style: null,
    range,
  };
}

function wireCode(wire: WireForm, protocol: WireProtocol): number {
  const bytes = wire.form === 'int' || wire.form === 'float' ? wire.bytes << WIRE_BYTES_SHIFT : 0;
  const signed = wire.form === 'int' && wire.signed ? WIRE_SIGNED : 0;
  return FORMS[wire.form] | bytes | signed | (protocol === 'mysql' ? WIRE_MYSQL : 0);
}

/** Bytes of a value that is no text. */
const LENGTHS: Readonly<Partial<Record<WireForm['form'], number>>> = {
  bool: 1,
  uuid: 16,
  date: 4,
  time: 8,
  timestamp: 8,
};

/** Tells the scan what it needs to know of the lengths of a column. */
function writeLength(
  { view }: Kernel,
  lengths: number,
  position: number,
  wire: WireForm,
  protocol: WireProtocol,
): void {
  const number = wire.form === 'int' || wire.form === 'float' ? wire.bytes : 0;
  if (protocol === 'mysql') {
    view.setUint8(lengths + position, number);
    return;
  }
  const usual = number > 0 ? number : (LENGTHS[wire.form] ?? 0);
  view.setUint32(lengths + position * 8, usual, false);
  view.setUint32(lengths + position * 8 + 4, usual, true);
}
