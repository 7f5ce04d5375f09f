import { expect } from 'vitest';
import { type Driver, fieldOf, planOf, typeOf } from './csv-drive.ts';
import { type CastRules, twinCast } from './csv-twin-cast.ts';

export const LOSSES = ['reject', 'truncate', 'round', 'null'] as const;

/** What becomes of a column of a type, unless told otherwise. */
export function rulesOf(type: string, more: Partial<CastRules> = {}): CastRules {
  return {
    type: typeOf(type),
    onLoss: 'reject',
    timezone: 'UTC',
    style: null,
    trueValues: ['true', 'yes', '1'],
    falseValues: ['false', 'no', '0'],
    ...more,
  };
}

/** Answers what casts texts (one character per byte) as one column, unquoted and quoted, by the kernel and by the twin. */
export function castComparer(driver: Driver): (texts: readonly string[], rules: CastRules) => void {
  return (texts, rules) => {
    const field = fieldOf(1, 'string', { onLoss: rules.onLoss, timezone: rules.timezone, style: rules.style });
    const fields = [fieldOf(0, 'int'), { ...field, field: { ...field.field, type: rules.type } }];
    const { trueValues, falseValues } = rules;
    const plan = planOf({
      width: 2,
      delimiter: 59,
      fields,
      nullValues: [],
      trueValues,
      falseValues,
      maxRowBytes: 1 << 16,
    });
    for (const quote of ['', '"']) {
      const input = texts.map((text, i) => `${i};${quote}${text}${quote}\n`).join('');
      const result = driver.run(Buffer.from(input, 'latin1'), plan);
      const rows = new Map(result.rows.map((row) => [Number(row[0]), row[1]]));
      const lines = new Map(result.rejects.map((reject) => [reject.line, reject.code]));
      const actual = texts.map((text, i) => {
        return rows.has(i) ? `${text}: ${rows.get(i)}` : `${text}: ${lines.get(i)}`;
      });
      const expected = texts.map((text) => {
        const cast = twinCast(text, rules);
        if ('value' in cast) return `${text}: ${cast.value}`;
        const lost = (cast.problem === 'LOSS' || cast.problem === 'RANGE') && rules.onLoss === 'null';
        return lost ? `${text}: null` : `${text}: ATLAS_CAST_${cast.problem}`;
      });
      expect(actual).toEqual(expected);
    }
  };
}
