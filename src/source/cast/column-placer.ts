import { AtlasError } from '../../errors.ts';
import type { NumberStyle } from '../../flow/dataset-plan.ts';
import {
  COL_SIZE,
  KIND_BINARY,
  KIND_BOOLEAN,
  KIND_JSON,
  KIND_TEXT,
  PERCENT_FRACTION,
  PERCENT_NONE,
  PERCENT_NUMBER,
  STEP_DAY,
  STEP_DAY_OF_YEAR,
  STEP_END,
  STEP_FRACTION,
  STEP_HALF,
  STEP_HOUR,
  STEP_HOUR12,
  STEP_LITERAL,
  STEP_MINUTE,
  STEP_MONTH,
  STEP_MONTH_NAME,
  STEP_OFFSET,
  STEP_SECOND,
  STEP_SHORT_YEAR,
  STEP_UTC_NAME,
  STEP_WEEKDAY_NAME,
  STEP_YEAR,
  STYLE_CURRENCY,
  STYLE_CURRENCY_LENGTH,
  STYLE_DECIMAL,
  STYLE_PERCENT,
  STYLE_SIZE,
  STYLE_THOUSANDS,
  STYLE_THOUSANDS_LENGTH,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { parseTimeFormat, type TimePart } from '../../metadata/time-format.ts';
import { isUtc, ZONE_TABLE_BYTES, ZoneTable } from '../zone-table.ts';
import type { AreaCursor } from './area-cursor.ts';
import type { CastField } from './cast-field.ts';
import { type ColumnPlace, kindOf, type PlacedColumn, valueBytes, widthOf, writeDescriptor } from './placed-column.ts';

const STEPS: Readonly<Record<TimePart, number>> = {
  year: STEP_YEAR,
  short_year: STEP_SHORT_YEAR,
  month: STEP_MONTH,
  month_name: STEP_MONTH_NAME,
  day: STEP_DAY,
  day_of_year: STEP_DAY_OF_YEAR,
  weekday_name: STEP_WEEKDAY_NAME,
  hour: STEP_HOUR,
  hour12: STEP_HOUR12,
  half: STEP_HALF,
  minute: STEP_MINUTE,
  second: STEP_SECOND,
  fraction: STEP_FRACTION,
  offset: STEP_OFFSET,
  utc_name: STEP_UTC_NAME,
};

const PERCENTS = { none: PERCENT_NONE, fraction: PERCENT_FRACTION, number: PERCENT_NUMBER } as const;

/** What is read as true and as false. */
export interface BooleanSpellings {
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
}

/** Puts columns, their descriptors and their tables into kernel memory for one plan. */
export class ColumnPlacer {
  readonly #kernel: Kernel;
  readonly #spellings: BooleanSpellings;
  readonly #descriptors: number;
  readonly #area: AreaCursor;
  readonly #tables: AreaCursor;
  readonly #rowCap: number;
  readonly #zones: Map<string, ZoneTable>;
  readonly #zoneTables = new Map<string, number>();
  readonly #texts = new Map<
    number,
    { readonly descriptor: number; readonly values: number; readonly validity: number }
  >();
  #booleans = 0;

  constructor(
    kernel: Kernel,
    spellings: BooleanSpellings,
    descriptors: number,
    area: AreaCursor,
    tables: AreaCursor,
    rowCap: number,
    zones: Map<string, ZoneTable>,
  ) {
    this.#kernel = kernel;
    this.#spellings = spellings;
    this.#descriptors = descriptors;
    this.#area = area;
    this.#tables = tables;
    this.#rowCap = rowCap;
    this.#zones = zones;
  }

  /** Places a column that the kernel fills, as the one of this rank. */
  place(field: CastField, index: number, rank: number): PlacedColumn {
    const { type } = field.field;
    const width = widthOf(type);
    const kind = kindOf(type);
    const position = field.position ?? 0;
    const descriptor = this.#descriptors + rank * COL_SIZE;
    const isText = kind === KIND_TEXT || kind === KIND_BINARY || kind === KIND_JSON;
    const shared = isText && field.position !== null ? this.#texts.get(position) : undefined;
    const values = shared?.values ?? this.#area.take(valueBytes(width, this.#rowCap));
    const validity = shared?.validity ?? this.#area.take((this.#rowCap + 7) >> 3);
    if (isText && field.position !== null && shared === undefined) {
      this.#texts.set(position, { descriptor, values, validity });
    }
    const place: ColumnPlace = {
      descriptor,
      rank,
      position,
      values,
      validity,
      alias: shared?.descriptor ?? 0,
      table: kind === KIND_BOOLEAN ? this.#booleanTable() : 0,
      zone: type.kind === 'timestamp' && type.zoned ? this.#zoneTable(field.timezone) : 0,
      format: field.format === null ? 0 : this.#formatTable(field, field.format),
      style: field.style === null ? 0 : this.#styleTable(field.style),
    };
    return {
      field,
      index,
      kind: writeDescriptor(this.#kernel, field, place),
      width,
      values,
      validity,
      descriptor,
      data: 0,
    };
  }

  #booleanTable(): number {
    if (this.#booleans !== 0) return this.#booleans;
    const { view, bytes } = this.#kernel;
    const encoder = new TextEncoder();
    const spellings = [
      ...this.#spellings.trueValues.map((text) => ({ text: encoder.encode(text), value: 1 })),
      ...this.#spellings.falseValues.map((text) => ({ text: encoder.encode(text), value: 0 })),
    ];
    const table = this.#tables.take(4 + spellings.length * 12);
    view.setUint32(table, spellings.length, true);
    spellings.forEach(({ text, value }, i) => {
      const at = this.#tables.take(text.length);
      bytes.set(text, at);
      view.setUint32(table + 4 + i * 12, at, true);
      view.setUint32(table + 8 + i * 12, text.length, true);
      view.setUint32(table + 12 + i * 12, value, true);
    });
    this.#booleans = table;
    return table;
  }

  #zoneTable(zone: string): number {
    const known = this.#zoneTables.get(zone);
    if (known !== undefined) return known;
    if (isUtc(zone)) return 0;
    if (!this.#zones.has(zone)) this.#zones.set(zone, new ZoneTable(zone));
    const at = this.#tables.take(ZONE_TABLE_BYTES);
    this.#kernel.bytes.fill(0, at, at + ZONE_TABLE_BYTES);
    this.#zoneTables.set(zone, at);
    return at;
  }

  #styleTable(style: NumberStyle): number {
    const { view, bytes } = this.#kernel;
    const encoder = new TextEncoder();
    const thousands = encoder.encode(style.thousands ?? '');
    const currency = encoder.encode(style.currency ?? '');
    const at = this.#tables.take(STYLE_SIZE);
    view.setUint32(at + STYLE_DECIMAL, style.decimal.charCodeAt(0), true);
    view.setUint32(at + STYLE_PERCENT, PERCENTS[style.percent ?? 'none'], true);
    view.setUint32(at + STYLE_THOUSANDS_LENGTH, thousands.length, true);
    view.setUint32(at + STYLE_CURRENCY_LENGTH, currency.length, true);
    bytes.set(thousands, at + STYLE_THOUSANDS);
    bytes.set(currency, at + STYLE_CURRENCY);
    return at;
  }

  #formatTable(field: CastField, format: string): number {
    const { kind } = field.field.type;
    if (kind !== 'date' && kind !== 'time' && kind !== 'timestamp') {
      throw new AtlasError('ATLAS_META_INVALID', `feature ${field.field.name} has a format, but its type is ${kind}`);
    }
    const steps = parseTimeFormat(format, kind);
    if ('problem' in steps) {
      throw new AtlasError('ATLAS_META_INVALID', `the format of feature ${field.field.name}: ${steps.problem}`);
    }
    const program = steps.flatMap((step) => (step.kind === 'literal' ? [STEP_LITERAL, step.byte] : [STEPS[step.kind]]));
    program.push(STEP_END);
    const at = this.#tables.take(program.length);
    this.#kernel.bytes.set(program, at);
    return at;
  }
}
