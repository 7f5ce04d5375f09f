import { describe, expect, it } from 'vitest';
import { drive, openDecoder, planOf } from './drive.ts';
import { copyOf, float64, int16, int32, int64, message, numeric } from './postgres-bytes.ts';

const text = (value: string) => Buffer.from(value);

describe('rows of a binary COPY', () => {
  it('become columns', async () => {
    const plan = planOf([
      { type: 'bigint', wire: { form: 'int', bytes: 8, signed: true } },
      { type: 'int32', wire: { form: 'int', bytes: 2, signed: true } },
      { type: 'double', wire: { form: 'float', bytes: 8 } },
      { type: 'decimal(12,2)', wire: { form: 'numeric' } },
      { type: 'string', wire: { form: 'text' } },
      { type: 'timestamptz(us)', wire: { form: 'timestamp' } },
      { type: 'date', wire: { form: 'date' } },
      { type: 'boolean', wire: { form: 'bool' } },
      { type: 'uuid', wire: { form: 'uuid' } },
      { type: 'int64', wire: { form: 'text' } },
      { type: 'string', wire: null, constant: { kind: 'file' } },
    ]);
    const decoder = await openDecoder(plan, 'postgresql');
    const row = [
      int64(-5n),
      int16(-2),
      float64(1.5),
      numeric('-1234.5'),
      text('grün'),
      int64(1n),
      int32(-10_957),
      Buffer.from([1]),
      Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      text('42'),
    ];
    const stream = copyOf([row, row.map(() => null), row]);
    const driven = drive(decoder, stream);
    const values = [
      -5n,
      -2n,
      0x3ff8_0000_0000_0000n,
      -123_450n,
      text('grün').toString('latin1'),
      946_684_800_000_001n,
      0n,
      true,
      '00112233445566778899aabbccddeeff',
      42n,
      plan.path,
    ];
    expect(driven.rows).toEqual([values, [...row.map(() => null), plan.path], values]);
    expect(driven.rejects).toEqual([]);
    expect(driven.messages).toEqual([{ type: 99, bytes: message('c', Buffer.alloc(0)) }]);
    const { header, row: rows } = driven.spans;
    expect(header + rows).toBe(stream.length - 5);
    expect(header).toBe(5 + 19 + 7);
  });
});
