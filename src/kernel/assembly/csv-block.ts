// Blocks of 64 bytes → the addresses of delimiters and line ends outside quotes, up to the first byte that looks unusual.
import {
  CTX_BARE_ESCAPES, CTX_COMMENT, CTX_DELIMITER, CTX_ENDS, CTX_ESCAPE, CTX_MAX_ROW, CTX_NEWLINE, CTX_NON_ASCII, CTX_QUOTE,
  CTX_RECORD_BYTE, CTX_ROWS, CTX_ROW_CAP, CTX_TO, CTX_TRAILING, CTX_WIDTH,
} from './csv-layout';

// Bytes of a 64 byte block that equal one, first byte in the lowest bit.
// @ts-ignore: decorator
@inline
function mask64(a: v128, b: v128, c: v128, d: v128, needle: v128): u64 {
  const low = <u32>i8x16.bitmask(i8x16.eq(a, needle)) | (<u32>i8x16.bitmask(i8x16.eq(b, needle)) << 16);
  const high = <u32>i8x16.bitmask(i8x16.eq(c, needle)) | (<u32>i8x16.bitmask(i8x16.eq(d, needle)) << 16);
  return <u64>low | (<u64>high << 32);
}

// Writes the address of the lowest bit, and clears it.
// @ts-ignore: decorator
@inline
function writeBit(out: usize, base: u32, bits: u64): u64 {
  store<u32>(out, base + <u32>ctz(bits));
  return bits & (bits - 1);
}

// What the last run of blocks found: line ends outside quotes, the end of its entries, whether lines end inside quotes.
export let runLines: u32 = 0, runOut: usize = 0, runInner: bool = false;

// Writes the fields of clean blocks from the record start p on, and stops before the first byte that is not clean. All from `quoting`
// on are constants where it is inlined; `more`: comments and backslashes without quotes are looked for.
// @ts-ignore: decorator
@inline
function scanRun(ctx: usize, p: usize, soft: usize, quoting: bool, doubled: bool, newline: i32, more: bool): void {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const width = load<u32>(ctx, CTX_WIDTH);
  const to = <usize>load<u32>(ctx, CTX_TO), rowCap = load<u32>(ctx, CTX_ROW_CAP);
  const giveUp = p + <usize>load<u32>(ctx, CTX_MAX_ROW) + 128;
  const ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  const endsCap = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((rowCap * width) << 2);
  const vd = i8x16.splat(<i8>delimiter), vq = i8x16.splat(<i8>quote), ve = i8x16.splat(<i8>escape);
  const cr = newline == 1, alone = newline == 2;
  const vl = i8x16.splat(alone ? <i8>load<u32>(ctx, CTX_RECORD_BYTE) : 10), vc = i8x16.splat(13);
  const bare = more && load<u32>(ctx, CTX_BARE_ESCAPES) != 0, commented = more && load<u32>(ctx, CTX_COMMENT) < 256;
  const vb = i8x16.splat(92), vk = i8x16.splat(<i8>load<u32>(ctx, CTX_COMMENT));
  let out = ends, block = p;
  let inside: u64 = 0, afterStruct: u64 = 1, afterClose: u64 = 0, afterLine: u64 = 1, afterCr: u64 = 0, afterBackslash: u64 = 0;
  let newlines: u32 = 0, inner: u64 = 0;
  let high = i8x16.splat(0);
  const blank: u64 = width + load<u32>(ctx, CTX_TRAILING) > 1 ? ~(<u64>0) : 0;
  const last = cr ? to - 1 : to;
  while (block + 64 <= last) {
    const a = v128.load(block), b = v128.load(block, 16), c = v128.load(block, 32), d = v128.load(block, 48);
    high = v128.or(high, v128.or(v128.or(a, b), v128.or(c, d)));
    const lf = mask64(a, b, c, d, vl), crs = alone ? 0 : mask64(a, b, c, d, vc);
    let delims = mask64(a, b, c, d, vd);
    let bad: u64 = 0, outside: u64 = ~(<u64>0), quotes: u64 = 0, closing: u64 = 0;
    if (quoting) {
      // Inside: from an opening quote up to the byte before its closing one; a doubled quote closes and opens again.
      quotes = mask64(a, b, c, d, vq);
      let x = quotes;
      x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32;
      x ^= inside;
      outside = ~x;
      inside = <u64>(<i64>x >> 63);
      closing = quotes & outside;
      if (!doubled) bad = mask64(a, b, c, d, ve) & x;
      inner |= (cr ? crs : lf) & x;
    }
    if (bare) {
      // An escape that could hide something is left to the exact rules.
      const backslashes = mask64(a, b, c, d, vb);
      bad |= (delims | lf | crs | backslashes) & ((backslashes << 1) | afterBackslash);
      afterBackslash = backslashes >> 63;
    }
    delims &= outside;
    const oc = crs & outside, ol = lf & outside;
    let lines: u64;
    if (cr) {
      const nextLf = (lf >> 1) | (<u64>(load<u8>(block, 64) == 10 ? 1 : 0) << 63);
      const prevCr = (oc << 1) | afterCr;
      lines = (oc & ~nextLf) | (ol & prevCr);
      bad |= ol & ~prevCr;
    } else if (alone) {
      lines = ol;
    } else {
      lines = ol;
      // A CR outside quotes must stand before an LF; the last one of a block is judged in the next.
      bad |= ((oc << 1) | afterCr) & ~lf;
    }
    afterCr = oc >> 63;
    const structs = delims | lines;
    if (quoting) {
      const prevClose = (closing << 1) | afterClose;
      bad |= (quotes & ~outside) & ~((structs << 1) | afterStruct | (doubled ? prevClose : 0));
      bad |= prevClose & ~(structs | crs | (doubled ? quotes : 0));
      afterClose = closing >> 63;
      afterStruct = structs >> 63;
    }
    const starts = (lines << 1) | afterLine;
    bad |= (lines | oc) & starts & blank;
    if (commented) bad |= mask64(a, b, c, d, vk) & starts;
    afterLine = lines >> 63;

    let bits = structs;
    if (bad != 0) bits &= (bad & (<u64>0 - bad)) - 1;
    newlines += <u32>popcnt(lines & bits);
    const count = <usize>popcnt(bits), base = <u32>block;
    // Eight are written whatever their number, so that it need not be guessed.
    bits = writeBit(out, base, bits);
    bits = writeBit(out + 4, base, bits);
    bits = writeBit(out + 8, base, bits);
    bits = writeBit(out + 12, base, bits);
    bits = writeBit(out + 16, base, bits);
    bits = writeBit(out + 20, base, bits);
    bits = writeBit(out + 24, base, bits);
    bits = writeBit(out + 28, base, bits);
    if (count > 8) {
      let more = out + 32;
      do { bits = writeBit(more, base, bits); more += 4; } while (bits != 0);
    }
    out += count << 2;
    block += 64;
    if (bad != 0) break;
    if (out >= endsCap) break;
    if (block >= soft && (newlines > 0 || block >= giveUp)) break;
  }
  if (v128.any_true(v128.and(high, i8x16.splat(-128)))) store<u32>(ctx, 1, CTX_NON_ASCII);
  runLines = newlines;
  runOut = out;
  runInner = inner != 0;
}

// Exported so that each stays a function of its own.
export function scanQuoted(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, true, true, 0, false); }
export function scanPlain(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, false, true, 0, false); }
export function scanEscaped(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, true, false, 0, false); }
export function scanCr(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, isQuoting(ctx), isDoubled(ctx), 1, true); }
export function scanAlone(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, isQuoting(ctx), isDoubled(ctx), 2, true); }
export function scanMore(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, isQuoting(ctx), isDoubled(ctx), 0, true); }

function isQuoting(ctx: usize): bool { return load<u32>(ctx, CTX_QUOTE) < 256; }
function isDoubled(ctx: usize): bool { return load<u32>(ctx, CTX_QUOTE) == load<u32>(ctx, CTX_ESCAPE); }

// Runs over blocks from the record start p to `soft`, or to where a row ends beyond it.
export function scanRunOf(ctx: usize, p: usize, soft: usize): void {
  const newline = load<u32>(ctx, CTX_NEWLINE);
  if (newline == 2) scanAlone(ctx, p, soft);
  else if (newline == 1) scanCr(ctx, p, soft);
  else if (load<u32>(ctx, CTX_COMMENT) < 256 || load<u32>(ctx, CTX_BARE_ESCAPES)) scanMore(ctx, p, soft);
  else if (!isQuoting(ctx)) scanPlain(ctx, p, soft);
  else if (isDoubled(ctx)) scanQuoted(ctx, p, soft);
  else scanEscaped(ctx, p, soft);
}
