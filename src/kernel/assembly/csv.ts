// The CSV loops: scan (bytes → field index), cast (index → columns), compact (columns without their bad rows).
export { csvScan } from './csv-scan';
export { scanAlone, scanCr, scanEscaped, scanMore, scanPlain, scanQuoted } from './csv-block';
export { csvCast, csvCastCell } from './csv-cast';
export { castDate, castDecimal, castFloat32, castFloat64, castInt16, castInt32, castInt64, castInt8, castTimestamp } from './csv-cast';
export { findOutside } from './csv-range';
export { castText } from './csv-text';
export { csvCellText } from './csv-general';
export { castBoolean } from './csv-small';
export { settleCell as csvSettleCell } from './csv-cell';
export { csvCompact } from './csv-compact';
export { csvJson } from './csv-json';
export { csvDigits } from './csv-digits';
