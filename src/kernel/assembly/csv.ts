// The CSV loops: scan (bytes → field index), cast (index → columns), compact (columns without their bad rows).
export { csvScan } from './csv-scan';
export { csvCast, csvCastCell } from './csv-cast';
export { settleCell as csvSettleCell } from './csv-cell';
export { csvCompact } from './csv-compact';
