// The CSV loops: scan (bytes → field index), cast (index → columns), compact (columns without their bad rows).
export { csvScan } from './csv-scan';
export { csvCast } from './csv-cast';
export { csvCompact } from './csv-compact';
