// Cells of JSON lines → counters of every column: what its values are, and what texts and numbers could be read as.
import { CTX_ROWS, CTX_WIDTH } from './csv-layout';
import {
  CTX_JSON_CELLS, KINDS_EMPTY, KINDS_FALSE, KINDS_NESTED, KINDS_NUMBERS, KINDS_SIZE, KINDS_TEXTS, KINDS_TRUE,
} from './json-layout';
import { profileText } from './profile';
import { P_EMPTY, P_FIELDS } from './profile-layout';

// @ts-ignore: decorator
@inline
function bump(at: usize): void { store<u64>(at, load<u64>(at) + 1); }

// Profiles the rows that the scan found: `blocks` are `stride` bytes apart, one for each slot, and `kinds` hold what values there are.
export function jsonProfile(ctx: usize, blocks: usize, stride: usize, kinds: usize, words: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), width = load<u32>(ctx, CTX_WIDTH), step = <usize>width << 3;
  for (let slot: u32 = 0; slot < width; slot++) {
    const block = blocks + <usize>slot * stride, kind = kinds + <usize>slot * KINDS_SIZE;
    let cell = <usize>load<u32>(ctx, CTX_JSON_CELLS) + (<usize>slot << 3), empty: u64 = 0;
    for (let row: u32 = 0; row < rows; row++) {
      const s = <usize>load<u32>(cell), e = <usize>load<u32>(cell, 4);
      cell += step;
      if (s <= 1) { empty++; continue; }
      if (load<u8>(s - 1) == 34) {
        bump(kind + KINDS_TEXTS);
        if (s == e) bump(kind + KINDS_EMPTY);
        else profileText(ctx, block, words, s, e, true);
        continue;
      }
      const b = load<u8>(s);
      if (b == 123 || b == 91) bump(kind + KINDS_NESTED);
      else if (b == 116) bump(kind + KINDS_TRUE);
      else if (b == 102) bump(kind + KINDS_FALSE);
      else { bump(kind + KINDS_NUMBERS); profileText(ctx, block, words, s, e, false); }
    }
    store<u64>(block, load<u64>(block, P_FIELDS) + <u64>rows, P_FIELDS);
    store<u64>(block, load<u64>(block, P_EMPTY) + empty, P_EMPTY);
  }
}
