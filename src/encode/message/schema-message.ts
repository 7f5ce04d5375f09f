import type { Field, Schema } from '../../batch/schema.ts';
import { encapsulate, MESSAGE_HEADER } from './encapsulate.ts';
import { FlatbufferWriter } from './flatbuffer-writer.ts';

/** Members of the union `Type` (Arrow, Schema.fbs). */
const ARROW = {
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  fixed: 15,
} as const;

const UNIT = { s: 0, ms: 1, us: 2, ns: 3 } as const;

/** Writes a type; answers its member of the union and its table. */
function writeType(writer: FlatbufferWriter, type: Field['type']): readonly [number, number] {
  switch (type.kind) {
    case 'int':
      return [
        ARROW.int,
        writer.table([
          [0, 'i32', type.bits],
          [1, 'bool', type.signed ? 1 : 0],
        ]),
      ];
    case 'float':
      return [ARROW.float, writer.table([[0, 'i16', type.bits === 32 ? 1 : 2]])];
    case 'decimal':
      return [
        ARROW.decimal,
        writer.table([
          [0, 'i32', type.precision],
          [1, 'i32', type.scale],
          [2, 'i32', 128],
        ]),
      ];
    case 'boolean':
      return [ARROW.bool, writer.table([])];
    case 'string':
    case 'json':
      return [ARROW.utf8, writer.table([])];
    case 'binary':
      return [ARROW.binary, writer.table([])];
    case 'uuid':
      return [ARROW.fixed, writer.table([[0, 'i32', 16]])];
    case 'date':
      return [ARROW.date, writer.table([[0, 'i16', 0]])];
    case 'time':
      return [
        ARROW.time,
        writer.table([
          [0, 'i16', UNIT[type.unit]],
          [1, 'i32', type.unit === 's' || type.unit === 'ms' ? 32 : 64],
        ]),
      ];
    case 'timestamp': {
      if (!type.zoned) return [ARROW.timestamp, writer.table([[0, 'i16', UNIT[type.unit]]])];
      const zone = writer.string('UTC');
      return [
        ARROW.timestamp,
        writer.table([
          [0, 'i16', UNIT[type.unit]],
          [1, 'offset', zone],
        ]),
      ];
    }
  }
}

function writeField(writer: FlatbufferWriter, field: Field): number {
  const name = writer.string(field.name);
  const children = writer.vector([]);
  const [member, type] = writeType(writer, field.type);
  return writer.table([
    [0, 'offset', name],
    [1, 'bool', field.nullable ? 1 : 0],
    [2, 'bool', member],
    [3, 'offset', type],
    [5, 'offset', children],
  ]);
}

/** The schema as an encapsulated Arrow IPC message (Arrow columnar format 1.5, "Schema message"): what a stream begins with. */
export function schemaMessage(schema: Schema): Uint8Array<ArrayBuffer> {
  const writer = new FlatbufferWriter();
  const fields = writer.vector(schema.fields.map((field) => writeField(writer, field)));
  const header = writer.table([
    [0, 'i16', 0],
    [1, 'offset', fields],
  ]);
  return encapsulate(writer, { type: MESSAGE_HEADER.schema, header, bodyBytes: 0 });
}
