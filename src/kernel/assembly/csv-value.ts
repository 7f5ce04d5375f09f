// Text → one value of a type of fixed width.
import {
  COL_BITS, COL_FORMAT, COL_KIND, COL_ON_LOSS, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_UNIT, COL_ZONE, COL_ZONED, CTX_POWERS,
  KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_TIME, KIND_UUID,
} from './csv-layout';
import { parseInteger } from './csv-integer';
import { parseFloat } from './csv-float';
import { parseDecimal } from './csv-decimal';
import { parseUuid } from './csv-small';
import { parseFormatted } from './csv-format';
import { parseDate, parseTime, parseTimestamp } from './csv-time';

// Reads [s, e), not empty, into `out`; answers a status.
export function parseValue(ctx: usize, col: usize, s: usize, e: usize, out: usize, quoted: bool): i32 {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), onLoss = load<u32>(col, COL_ON_LOSS), unit = load<u32>(col, COL_UNIT);
  if (load<u32>(col, COL_FORMAT) != 0) return parseFormatted(ctx, col, s, e, out, quoted);
  if (kind == KIND_INT) return parseInteger(s, e, out, bits, load<u32>(col, COL_SIGNED) != 0, onLoss);
  if (kind == KIND_FLOAT) return parseFloat(s, e, out, bits == 32, <usize>load<u32>(ctx, CTX_POWERS));
  if (kind == KIND_DECIMAL) return parseDecimal(s, e, out, load<u32>(col, COL_PRECISION), load<u32>(col, COL_SCALE), onLoss);
  if (kind == KIND_UUID) return parseUuid(s, e, out);
  if (kind == KIND_DATE) return parseDate(s, e, out, onLoss);
  if (kind == KIND_TIME) return parseTime(s, e, out, unit, onLoss);
  return parseTimestamp(ctx, s, e, out, unit, load<u32>(col, COL_ZONED) != 0, <usize>load<u32>(col, COL_ZONE), onLoss);
}
