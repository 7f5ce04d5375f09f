import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText, floatText, integerText, stampText } from '../../kernel/csv-arbitraries.ts';
import { LOSSES, rulesOf } from '../../kernel/csv-compare.ts';
import { twinCast } from '../../kernel/csv-twin-cast.ts';
import { drive, openDecoder, planOf } from './drive.ts';
import { integer, resultOf, withLength } from './mysql-bytes.ts';
import { copyOf, int32 } from './postgres-bytes.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`texts of rows: seed ${seed}`);

const words = fc.constantFrom('t', 'f', 'true', 'FALSE', '1', '0', '', 'yes', 'T', 'F', '2');
const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.replaceAll('-', '').toUpperCase()),
  fc.string({ maxLength: 40 }),
);
const spellings = {
  trueValues: ['t', 'true', 'True', 'TRUE', 'T', '1'],
  falseValues: ['f', 'false', 'False', 'FALSE', 'F', '0'],
};

const TYPES: readonly [type: string, texts: fc.Arbitrary<string>, timezone?: string][] = [
  ...['tinyint', 'int32', 'bigint', 'uint64'].map((type) => [type, integerText] as [string, typeof integerText]),
  ['double', floatText],
  ['real', floatText],
  ['decimal(9,2)', decimalText],
  ['decimal(38,10)', decimalText],
  ...['date', 'timestamp', 'timestamp(us)', 'timestamptz(ns)', 'time(ms)', 'time(us)'].map(
    (type) => [type, stampText] as [string, typeof stampText],
  ),
  ['timestamptz(ms)', stampText, 'Europe/Berlin'],
  ['timestamptz(us)', stampText, 'America/New_York'],
  ['boolean', words],
  ['uuid', uuids],
  ['json', fc.oneof(fc.json(), fc.string())],
  ['string', fc.string({ unit: 'grapheme' })],
  ['binary', fc.string({ unit: 'binary', maxLength: 400 })],
];

describe('text in a row', () => {
  it.each(TYPES)(
    'becomes %s as a field of a file without quotes does, and empty text is no null',
    { timeout: 300_000 },
    async (type, texts, timezone = 'UTC') => {
      for (const onLoss of LOSSES) {
        const rules = rulesOf(type, { onLoss, timezone, ...spellings });
        const plan = planOf([
          { type: 'int32', wire: { form: 'int', bytes: 4, signed: true }, nullable: false },
          { type, wire: { form: 'text' }, onLoss, timezone },
        ]);
        const postgres = await openDecoder(plan, 'postgresql');
        const mysql = await openDecoder(plan, 'mysql');
        fc.assert(
          fc.property(fc.array(fc.option(texts, { freq: 8 }), { maxLength: 40 }), (column) => {
            const cells = column.map((text) => (text === null ? null : Buffer.from(text)));
            const expected = cells.map((cell) => {
              if (cell === null) return 'null';
              const cast = twinCast(cell.toString('latin1'), rules);
              if ('value' in cast) return `is ${cast.value}`;
              const lost = (cast.problem === 'LOSS' || cast.problem === 'RANGE') && onLoss === 'null';
              return lost ? 'null' : `ATLAS_CAST_${cast.problem}`;
            });
            const copied = copyOf(cells.map((cell, index) => [int32(index), cell]));
            const sent = resultOf(cells.map((cell, index) => [integer(BigInt(index), 4), cell && withLength(cell)]));
            for (const driven of [drive(postgres, copied), drive(mysql, sent, [999], { sequence: 5 })]) {
              const values = new Map(
                driven.rows.map(([index, value]) => [Number(index), value === null ? 'null' : `is ${value}`]),
              );
              for (const { line, code } of driven.rejects) values.set(line, code);
              expect(cells.map((_cell, index) => values.get(index))).toEqual(expected);
            }
          }),
          { seed, numRuns: timezone === 'UTC' ? 25 : 8 },
        );
      }
    },
  );

  it('must be UTF-8 where it is text, cell by cell', async () => {
    const plan = planOf([
      { type: 'string', wire: { form: 'text' } },
      { type: 'binary', wire: { form: 'bytes' } },
    ]);
    const decoder = await openDecoder(plan, 'postgresql');
    const parts = [
      '',
      'a',
      'é',
      '\xc3',
      '\xa9',
      '\xe2\x82\xac',
      '\xe2\x82',
      '\xed\xa0\x80',
      '\xf0\x9f\x98\x80',
      '\xff',
      'plain text of more than sixteen bytes',
    ];
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom(...parts), { maxLength: 4 }), { maxLength: 30 }), (column) => {
        const cells = column.map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
        const { rows, rejects } = drive(decoder, copyOf(cells.map((cell) => [cell, cell])));
        const good = cells.filter((cell) => Buffer.from(cell.toString()).equals(cell));
        expect(rows).toEqual(good.map((cell) => [cell.toString('latin1'), cell.toString('latin1')]));
        expect(rejects.every(({ code, column: from }) => code === 'ATLAS_DB_UTF8' && from === 'c0')).toBe(true);
        expect(rows.length + rejects.length).toBe(cells.length);
      }),
      { seed, numRuns: 200 },
    );
  });
});
