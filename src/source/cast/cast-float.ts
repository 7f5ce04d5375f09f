const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NAMED = /^([+-]?)(inf|infinity|nan)$/i;

/** Half-way between the greatest single and the next power of two, 2^128. */
const HALF_BEYOND = 3.4028235677973366e38;

/** A float from its text, correctly rounded in one step, or why it is none. */
export function castFloat(text: string, bits: 32 | 64): number | 'syntax' | 'range' {
  const named = NAMED.exec(text);
  if (named) {
    if (named[2]?.toLowerCase() === 'nan') return Number.NaN;
    return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!DECIMAL.test(text)) return 'syntax';
  const double = Number(text);
  if (bits === 64) return Number.isFinite(double) ? double : 'range';
  const single = roundToSingle(text, double);
  return Number.isFinite(single) ? single : 'range';
}

/** The single nearest to the text, whose nearest double is given: only a double half-way between two singles hides the side. */
function roundToSingle(text: string, double: number): number {
  const single = Math.fround(double);
  if (!Number.isFinite(double) || single === double) return single;
  const other = neighbour(single, double > single);
  const finite = Number.isFinite(single) && Number.isFinite(other);
  const halfway = finite ? Math.abs(double - single) === Math.abs(other - double) : Math.abs(double) === HALF_BEYOND;
  if (!halfway) return single;
  const side = compareToDouble(text, double);
  if (side === 0) return single;
  const above = double > single ? other : single;
  const below = double > single ? single : other;
  return side > 0 ? above : below;
}

function neighbour(single: number, up: boolean): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, single);
  if (single === 0) return up ? 1.401298464324817e-45 : -1.401298464324817e-45;
  view.setInt32(0, view.getInt32(0) + (single > 0 === up ? 1 : -1));
  return view.getFloat32(0);
}

/** Sign of (value of the text − double), exactly. */
function compareToDouble(text: string, double: number): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const negative = whole.startsWith('-');
  let left = BigInt(`${whole.replace(/^[+-]/, '')}${fraction}` || '0');
  if (negative) left = -left;
  const ten = Number(exponent) - fraction.length;
  // double = significand × 2^two, both integers.
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, double);
  const bits = view.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  let right = bits & 0xf_ffff_ffff_ffffn;
  if (field !== 0) right |= 1n << 52n;
  if (double < 0) right = -right;
  const two = (field === 0 ? 1 : field) - 1075;
  if (ten >= 0) left *= 10n ** BigInt(ten);
  else right *= 10n ** BigInt(-ten);
  if (two >= 0) right <<= BigInt(two);
  else left <<= BigInt(-two);
  return left < right ? -1 : left > right ? 1 : 0;
}
