// One cell of a row message by the full rules, whatever the loops leave.
import {
  COL_KIND, COL_POSITION, COL_TABLE, COL_VALUES, COL_WIDTH, COL_WIRE, CTX_WIDTH, KIND_BOOLEAN, KIND_UUID, STATUS_NULL, STATUS_SYNTAX, STATUS_WIRE,
} from './csv-layout';
import { settleCell } from './csv-cell';
import { booleanOf } from './csv-small';
import { parseValue } from './csv-value';
import {
  CTX_CELLS, FORM_BITS, FORM_BOOL, FORM_DATE, FORM_FLOAT, FORM_INT, FORM_NUMERIC, FORM_TEXT, FORM_TIME, FORM_TIMESTAMP, FORM_UUID,
} from './wire-layout';
import { castBits, castFloats, castInteger, castNumeric, storeBit } from './wire-number';
import { castDates, castTimes, castTimestamps } from './wire-time';

function castText(ctx: usize, col: usize, row: u32, s: usize, e: usize, out: usize): i32 {
  if (load<u32>(col, COL_KIND) == KIND_BOOLEAN) {
    const v = booleanOf(ctx, <usize>load<u32>(col, COL_TABLE), s, e, false);
    if (v < 0) return STATUS_SYNTAX;
    storeBit(col, row, <u8>v);
    return 0;
  }
  return s == e ? STATUS_SYNTAX : parseValue(ctx, col, s, e, out, false);
}

function castForm(ctx: usize, col: usize, row: u32, s: usize, e: usize, out: usize): i32 {
  const wire = load<u32>(col, COL_WIRE), form = wire & 255;
  if (form == FORM_TEXT) return castText(ctx, col, row, s, e, out);
  if (form == FORM_INT) return castInteger(col, row, wire, s, e, out);
  if (form == FORM_FLOAT) return castFloats(col, wire, s, e, out);
  if (form == FORM_NUMERIC) return castNumeric(col, row, s, e, out);
  if (form == FORM_DATE) return castDates(ctx, col, wire, s, e, out);
  if (form == FORM_TIME) return castTimes(col, wire, s, e, out);
  if (form == FORM_TIMESTAMP) return castTimestamps(ctx, col, wire, s, e, out);
  if (form == FORM_BITS) return castBits(col, row, wire, s, e, out);
  if (form == FORM_BOOL && e - s == 1 && load<u8>(s) <= 1) { storeBit(col, row, load<u8>(s)); return 0; }
  if (form == FORM_UUID && e - s == 16) { v128.store(out, v128.load(s)); return 0; }
  return STATUS_WIRE;
}

// Casts one cell of a column of fixed width into its slot, which may hold anything, or its bit, which is 0.
export function castWireCell(ctx: usize, col: usize, row: u32): void {
  const width = <usize>load<u32>(col, COL_WIDTH), out = <usize>load<u32>(col, COL_VALUES) + <usize>row * width;
  const index = <usize>row * <usize>load<u32>(ctx, CTX_WIDTH) + <usize>load<u32>(col, COL_POSITION);
  const cell = <usize>load<u32>(ctx, CTX_CELLS) + (index << 3), s = <usize>load<u32>(cell);
  const status = s == 0 ? STATUS_NULL : castForm(ctx, col, row, s, <usize>load<u32>(cell, 4), out);
  if (status == 0) return;
  memory.fill(out, 0, width);
  settleCell(ctx, col, row, status);
}
