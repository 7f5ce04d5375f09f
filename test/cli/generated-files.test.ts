import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaText, withReference } from '../../src/cli/generate-files.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('what is generated is current (npm run generate)', () => {
  it('metadata/schema/group.schema.json', () => {
    expect(read('metadata/schema/group.schema.json')).toBe(schemaText());
  });

  it("the README's reference", () => {
    const readme = read('README.md');
    expect(withReference(readme)).toBe(readme);
    expect(readme).toMatch(/^\| `max_row_bytes` +\|/m);
    expect(readme).toMatch(/^\| `ATLAS_META_INVALID` +\|/m);
  });

  it('a README without markers is left alone', () => {
    expect(withReference('# x\n')).toBe('# x\n');
    const marked = 'a\n<!-- generated:errors -->\nold\n<!-- /generated:errors -->\nb\n';
    expect(withReference(marked)).toMatch(
      /^a\n<!-- generated:errors -->\n\n\| code [\s\S]* \|\n\n<!-- \/generated:errors -->\nb\n$/,
    );
  });

  it('every key has a description', () => {
    const lacking: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
            if (!property.description && !/^(source|destination)$/.test(name)) lacking.push(`${path}.${name}`);
          }
        }
        visit(value, `${path}.${key}`);
      }
    };
    visit(JSON.parse(schemaText()), '');
    expect(lacking).toEqual([]);
  });
});
