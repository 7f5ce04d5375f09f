// Rows as database servers send them: scan (bytes → cells), cast (cells → columns); bad rows are taken out by csvCompact.
export { wireScanMysql } from './wire-mysql';
export { wireScanPostgres } from './wire-postgres';
export { wireCast, wireCastCell } from './wire-cast';
export { castMoved1, castMoved2, castMoved4, castMoved8, castWireBools, castWireNumeric, castWireUuids } from './wire-fixed';
export { castWireMillis, castWireSeconds, castWireStamps } from './wire-stamps';
export { castWireDate, castWireDecimal, castWireFloat64, castWireInt32, castWireInt64, castWireText, castWireTimestamp } from './wire-text';
