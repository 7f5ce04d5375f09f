// JSON lines: scan (bytes → cells), cast (cells → columns); bad rows are taken out by csvCompact.
export { jsonScan } from './json-scan';
export { jsonAddChild } from './json-keys';
export { jsonProfile } from './json-profile';
export { jsonCast, jsonCastCell, jsonCellText } from './json-cast';
export { castJsonDate, castJsonDecimal, castJsonFloat64, castJsonInt32, castJsonInt64, castJsonTimestamp } from './json-cast';
