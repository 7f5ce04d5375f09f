import { describe, expect, it } from 'vitest';
import { describeRequest } from '../../../src/plan/table/describe-request.ts';
import { fillSql } from '../../../src/plan/table/fill-sql.ts';

describe('SQL of a document', () => {
  it('is taken apart at its run variables; what they hold is never a part of it', () => {
    const { sql, missing } = fillSql("SELECT '{{ '{{' }}' WHERE a = {{ ds }} AND b = {{ds}} OR c = {{ who }}", {
      ds: "1' OR '1'='1",
      who: '; DROP TABLE x; --',
    });
    expect(sql.pieces).toEqual(["SELECT '{{' WHERE a = ", ' AND b = ', ' OR c = ', '']);
    expect(sql.values).toEqual(["1' OR '1'='1", "1' OR '1'='1", '; DROP TABLE x; --']);
    expect(sql.pieces.join('?')).not.toContain('DROP');
    expect(missing).toEqual([]);
  });

  it('says each variable without a value once', () => {
    expect(fillSql('{{ a }} {{ b }} {{ a }}', { b: '1' }).missing).toEqual(['a']);
  });

  it('loses the semicolon at its end, and nothing else', () => {
    const source = { type: 'postgresql', query: "SELECT ';' ; \n;\n" } as never;
    expect(describeRequest(source, {})).toEqual({
      relation: null,
      query: { pieces: ["SELECT ';'"], values: [] },
    });
  });
});
