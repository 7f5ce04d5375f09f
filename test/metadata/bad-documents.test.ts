import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import { FIXTURE_ENVIRONMENT } from './fixture-environment.ts';

const FOLDER = new URL('../fixtures/metadata/bad/', import.meta.url).pathname;
const documents = readdirSync(FOLDER).filter((name) => !name.endsWith('.expected.json'));

/** One line a problem: where, code, path, message, hint. Long lists of what is possible are cut. */
function say({ code, message, place, hint }: Problem): string {
  const where = `${place.line}:${place.column} ${place.path ?? '(document)'}`;
  return `${where} ${code}: ${message} -> ${hint.length > 160 ? `${hint.slice(0, 160)}…` : hint}`;
}

describe('bad documents', () => {
  it('there are some', () => {
    expect(documents.length).toBeGreaterThan(20);
  });

  it.each(documents)('%s', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const { group, problems, warnings } = parseGroup(text, name, FIXTURE_ENVIRONMENT);
    const found = { problems: problems.map(say), warnings: warnings.map(say) };
    const expected = join(FOLDER, `${name.replace(/\.jsonc?$/, '')}.expected.json`);
    if (process.env['ATLAS_WRITE_EXPECTED']) writeFileSync(expected, `${JSON.stringify(found, null, 2)}\n`);
    expect(group).toBeNull();
    expect(found).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });

  it('no secret is ever shown', () => {
    const text = readFileSync(join(FOLDER, 'secrets.json'), 'utf8');
    const { problems, warnings } = parseGroup(text, 'secrets.json', FIXTURE_ENVIRONMENT);
    expect(JSON.stringify([problems, warnings])).not.toMatch(/hunter2|swordfish|12345|"abc"/);
  });
});
