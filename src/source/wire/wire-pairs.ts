import type { WireForm } from '../../flow/dataset-plan.ts';
import type { LogicalType } from '../../metadata/logical-type.ts';
import type { WireProtocol } from './wire-shape.ts';

type Kind = LogicalType['kind'];

/** What a form can become, in either protocol. */
const PAIRS: Readonly<Record<WireForm['form'], readonly Kind[]>> = {
  text: ['int', 'float', 'decimal', 'boolean', 'string', 'json', 'binary', 'uuid', 'date', 'time', 'timestamp'],
  bytes: ['binary', 'string', 'json'],
  bool: ['boolean'],
  uuid: ['uuid'],
  numeric: ['decimal', 'int', 'float'],
  date: ['date', 'timestamp'],
  time: ['time'],
  timestamp: ['timestamp', 'date'],
  bits: ['int', 'boolean', 'decimal'],
  int: ['int', 'float', 'decimal', 'boolean'],
  float: ['float'],
};

/**
 * Whether the kernel casts a form of a protocol into a type:
 *
 * - `text`: every type, as a CSV field without quotes is read; empty text is never null.
 * - `bytes`: binary; string and json, which must be UTF-8.
 * - `int`: int (out of range: range), decimal, boolean (0 and 1, else range), float (exactly, else loss; nearest with `round` and
 *   `truncate`).
 * - `float`: float; a double into a real takes the nearest, beyond it range. A real into a double is widened as it is: 0.1 becomes
 *   0.10000000149….
 * - `numeric` (PostgreSQL): decimal and int (loss where digits would go, range where it is too large, NaN or infinite); float: nearest.
 * - `date`, `timestamp`: date and timestamp of any unit; into `timestamptz` they are UTC. A time of day into a date is a loss, unless it is
 *   midnight. Infinity: range. A zero date, or a partly zero one: calendar.
 * - `time`: time of any unit; 24:00: calendar; below zero or beyond a day (MySQL): range.
 * - `bits`: int, decimal and boolean, as a number whose last bit counts one; binary in MySQL alone, as its bytes.
 * - `bool`, `uuid`: their own type. `uuid` is 16 bytes; where MariaDB sends 36 characters it is `text`.
 */
export function isWirePair(protocol: WireProtocol, { form }: WireForm, { kind }: LogicalType): boolean {
  if (form === 'numeric' && protocol === 'mysql') return false;
  if (form === 'bool' && protocol === 'mysql') return false;
  if (form === 'bits' && kind === 'binary') return protocol === 'mysql';
  return PAIRS[form].includes(kind);
}
