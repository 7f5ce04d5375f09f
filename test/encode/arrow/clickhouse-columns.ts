import type { Field } from '../../../src/batch/schema.ts';
import type { Cell } from '../build-batch.ts';

const PRECISION = { s: 0, ms: 3, us: 6, ns: 9 } as const;

/** The type that a column of ClickHouse has for a logical type (without null). */
export function clickhouseType({ type }: Field): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? '' : 'U'}Int${type.bits}`;
    case 'float':
      return `Float${type.bits}`;
    case 'decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'boolean':
      return 'Bool';
    case 'uuid':
      return 'UUID';
    case 'date':
      return 'Date32';
    case 'time':
      return `Time64(${PRECISION[type.unit]})`;
    case 'timestamp':
      return `DateTime64(${PRECISION[type.unit]}, 'UTC')`;
    default:
      return 'String';
  }
}

/** What to select of a column so that nothing of it is lost on the way: text, or null. */
export function exactly({ name, type }: Field): string {
  const column = `\`${name}\``;
  const value = `assumeNotNull(${column})`;
  const text = (): string => {
    switch (type.kind) {
      case 'date':
        return `toInt32(${value})`;
      case 'timestamp':
        return `reinterpretAsInt64(${value})`;
      case 'float':
        return `hex(reverse(reinterpretAsString(${value})))`;
      case 'string':
      case 'json':
      case 'binary':
        return `hex(${value})`;
      default:
        return value;
    }
  };
  return `if(isNull(${column}), NULL, toString(${text()}))`;
}

/** The cell that such a text stands for. */
export function exactCell({ type }: Field, text: string | null): Cell {
  if (text === null) return null;
  switch (type.kind) {
    case 'float': {
      const bytes = Buffer.from(text.padStart(type.bits / 4, '0'), 'hex');
      return type.bits === 32 ? bytes.readFloatBE(0) : bytes.readDoubleBE(0);
    }
    case 'decimal': {
      const [whole, fraction = ''] = text.split('.');
      return BigInt(`${whole}${fraction.padEnd(type.scale, '0')}`);
    }
    case 'time': {
      const [, hours, minutes, seconds, fraction = ''] = /^(\d+):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
      const whole = (BigInt(hours!) * 60n + BigInt(minutes!)) * 60n + BigInt(seconds!);
      return BigInt(`${whole}${fraction}`);
    }
    case 'boolean':
      return text === 'true';
    case 'uuid':
      return text;
    case 'string':
    case 'json':
      return Buffer.from(text, 'hex').toString('utf8');
    case 'binary':
      return new Uint8Array(Buffer.from(text, 'hex'));
    default:
      return BigInt(text);
  }
}
