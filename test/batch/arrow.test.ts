import { type Schema as ArrowSchema, MessageReader, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { arrowRecordBatch } from '../../src/batch/arrow-record-batch.ts';
import { arrowSchema } from '../../src/batch/arrow-schema.ts';
import { encodeArrowSchema } from '../../src/encode/parquet/arrow-schema.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { ALL_FIELDS, EDGES } from '../encode/all-types.ts';
import { buildBatch, type Cell, field } from '../encode/build-batch.ts';

function readSchema(base64: string): ArrowSchema {
  const schema = new MessageReader(Buffer.from(base64, 'base64')).readSchema();
  if (!schema) throw new Error('no schema message');
  return schema as ArrowSchema;
}

const described = (schema: ArrowSchema) =>
  schema.fields.map((one) => ({ name: one.name, nullable: one.nullable, type: one.type.toString() }));

describe('ARROW:schema', () => {
  test('says every type as apache-arrow does', () => {
    const schema = { fields: [...ALL_FIELDS, field('required', 'int8!')] };
    expect(described(readSchema(encodeArrowSchema(schema)))).toEqual(described(arrowSchema(schema)));
  });

  test.each([0, 1, 7, 500])('holds %i fields with names of any text', (count) => {
    const schema = { fields: Array.from({ length: count }, (_, i) => field(`${'ü'.repeat(i % 9)}.${i}`, 'string')) };
    expect(readSchema(encodeArrowSchema(schema)).fields.map((one) => one.name)).toEqual(
      schema.fields.map((one) => one.name),
    );
  });
});

describe('arrowRecordBatch', () => {
  test('copies every type with its nulls, and survives IPC', async () => {
    const kernel = await Kernel.open(4_000_000);
    const columns = ALL_FIELDS.map((one): Cell[] => [null, ...EDGES[one.name]!].slice(0, 3));
    const table = tableFromIPC(
      tableToIPC(new Table([arrowRecordBatch(buildBatch(kernel, { fields: ALL_FIELDS }, columns))])),
    );
    expect(table.numRows).toBe(3);
    for (const one of ALL_FIELDS) {
      const column = table.getChild(one.name)!;
      expect(column.get(0), one.name).toBeNull();
      expect(column.nullCount, one.name).toBe(1);
      expect(column.get(1), one.name).not.toBeNull();
    }
    expect(table.getChild('int64')!.get(2)).toBe(-1n);
    expect(table.getChild('uint8')!.get(2)).toBe(255);
    expect(table.getChild('string')!.get(2)).toBe('a');
    expect(table.getChild('boolean')!.get(2)).toBe(false);
    expect(table.getChild('double')!.get(2)).toBe(-0);
    expect([...table.getChild('uuid')!.get(2)]).toEqual(Array.from({ length: 16 }, () => 255));
  });

  test('is a copy: the kernel may change afterwards', async () => {
    const kernel = await Kernel.open(1_000_000);
    const batch = buildBatch(kernel, { fields: [field('a', 'int64'), field('s', 'string!')] }, [
      [1n, null],
      ['x', 'yz'],
    ]);
    const copied = arrowRecordBatch(batch);
    kernel.bytes.fill(0xff);
    expect(copied.toArray().map((row) => [row['a'], row['s']])).toEqual([
      [1n, 'x'],
      [null, 'yz'],
    ]);
  });

  test('holds no rows', async () => {
    const kernel = await Kernel.open(1_000_000);
    const schema = { fields: ALL_FIELDS };
    expect(
      arrowRecordBatch(
        buildBatch(
          kernel,
          schema,
          ALL_FIELDS.map(() => []),
        ),
      ).numRows,
    ).toBe(0);
  });
});
