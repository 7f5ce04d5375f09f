import { AtlasError } from '../../../errors.ts';
import type { MysqlSourcePlan, WireForm } from '../../../flow/dataset-plan.ts';
import type { ResultColumn } from '../connection/client.ts';
import { FLAG, TYPE } from '../describe/result-type.ts';

const STRINGS = new Set<number>([
  TYPE.decimal,
  TYPE.varchar,
  TYPE.bit,
  TYPE.json,
  TYPE.newdecimal,
  TYPE.enum,
  TYPE.set,
  TYPE.tinyBlob,
  TYPE.mediumBlob,
  TYPE.longBlob,
  TYPE.blob,
  TYPE.varString,
  TYPE.string,
  TYPE.geometry,
]);
const INTEGERS: Readonly<Record<number, readonly number[]>> = {
  1: [TYPE.tiny],
  2: [TYPE.short, TYPE.year],
  4: [TYPE.long, TYPE.int24],
  8: [TYPE.longlong],
};
const TIMES: Readonly<Record<string, readonly number[]>> = {
  date: [TYPE.date, TYPE.newdate],
  time: [TYPE.time],
  timestamp: [TYPE.datetime, TYPE.timestamp],
  bool: [TYPE.tiny],
  bits: [TYPE.bit],
};

/**
 * Holds the columns of a result against the forms in which the plan expects them: rows of the binary protocol do not say what they
 * hold. Fails with ATLAS_DB_PROTOCOL.
 */
export function checkResult(plan: MysqlSourcePlan, columns: readonly ResultColumn[]): void {
  const expected = plan.columns.flatMap((column, index) =>
    column === null ? [] : [{ wire: column.wire, name: plan.features[index]?.name ?? '' }],
  );
  const count = Math.max(1, expected.length);
  if (columns.length !== count) {
    throw new AtlasError('ATLAS_DB_PROTOCOL', `${plan.path}: ${columns.length} columns came, ${count} were asked for`);
  }
  expected.forEach(({ wire, name }, index) => {
    const column = columns[index] as ResultColumn;
    if (holds(wire, column)) return;
    const { columnType, flags, characterSet } = column;
    const form = wire.form === 'int' || wire.form === 'float' ? `${wire.form}${wire.bytes * 8}` : wire.form;
    const message = `${plan.path}: feature ${name} comes as type ${columnType} (flags ${flags}, collation ${characterSet}), ${form} was expected`;
    throw new AtlasError('ATLAS_DB_PROTOCOL', message);
  });
}

function holds(wire: WireForm, { columnType, flags }: ResultColumn): boolean {
  if (columnType === TYPE.null) return true;
  switch (wire.form) {
    case 'int': {
      const unsigned = (flags & FLAG.unsigned) !== 0;
      return (
        (INTEGERS[wire.bytes] ?? []).includes(columnType) && (unsigned === !wire.signed || columnType === TYPE.year)
      );
    }
    case 'float':
      return columnType === (wire.bytes === 4 ? TYPE.float : TYPE.double);
    case 'numeric':
      return columnType === TYPE.newdecimal || columnType === TYPE.decimal;
    case 'text':
    case 'bytes':
    case 'uuid':
      return STRINGS.has(columnType);
    default:
      return (TIMES[wire.form] ?? []).includes(columnType);
  }
}
