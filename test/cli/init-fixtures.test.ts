import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { FIXTURES, type Fixture, listFixtures } from '../source/csv/fixture.ts';
import { initIn, loadInit } from './init-bed.ts';

const KNOWN = new URL('../fixtures/init-cannot-know.json', import.meta.url).pathname;

/** Fixtures whose dialect cannot be known by looking at them, and why. */
const cannotKnow = JSON.parse(readFileSync(KNOWN, 'utf8')) as Readonly<Record<string, string>>;

/** Damage of a record, whatever its columns hold; what else is a reject in a fixture depends on declared types. */
const STRUCTURAL = /^ATLAS_CSV_(?!NULL$|UTF8$|ESCAPE$)/;

const fixtures = listFixtures();

describe('init on every fixture', () => {
  it('those it cannot know are fixtures, each with a reason', () => {
    const names = new Set(fixtures.map(({ name }) => name));
    for (const [name, why] of Object.entries(cannotKnow)) {
      expect(names).toContain(name);
      expect(why.length).toBeGreaterThan(20);
    }
  });

  it.each(fixtures)('$name', async (fixture) => {
    using project = new Project();
    const files = putFiles(fixture, project);
    const { document, refused } = await initIn(project, files);
    if (refused !== null) {
      expect(refused.code).toBe('ATLAS_INIT_UNDECIDED');
      if (!Object.hasOwn(cannotKnow, fixture.name)) expect(isNothing(fixture) || isMostlyDamaged(fixture)).toBe(true);
      return;
    }
    const loads = await loadInit(project, document);
    for (const { receipt } of loads) {
      expect(receipt.outcome, `${JSON.stringify(receipt.error)}\n${document}`).toBe('published');
    }
    // Types hold for every row: nothing is rejected but what is damaged, or no text.
    const casts = loads.flatMap((load) => load.rejects).filter(({ code }) => !/^ATLAS_CSV_(?!NULL$)/.test(code));
    expect(casts, document).toEqual([]);
    if (Object.hasOwn(cannotKnow, fixture.name) || fixture.expected.error !== undefined) return;
    const rejects = loads.flatMap((load) => load.rejects);
    const { rows = [], rejects: expected = [] } = fixture.expected;
    // The header once more is a header to init, and skipped.
    const skipped = document.includes('"repeated_header": "skip"') ? 'ATLAS_CSV_HEADER_REPEATED' : null;
    const records = expected.filter(({ code }) => code !== skipped);
    const structural = records.filter(({ code }) => STRUCTURAL.test(code));
    const found = rejects.map(({ line, offset, length, code }) => ({ line, offset, length, code }));
    expect(found, document).toEqual(
      structural.map(({ line, offset, length, code }) => ({ line, offset, length, code })),
    );
    const published = loads.reduce((sum, { receipt }) => sum + receipt.rows.published, 0);
    expect(published, document).toBe(rows.length + records.length - structural.length);
  });
});

/** Puts the files of a fixture into a project; answers their names. */
function putFiles({ name, bytes, expected }: Fixture, project: Project): readonly string[] {
  if (bytes !== null) {
    project.write(`${name}.csv`, bytes);
    return [`${name}.csv`];
  }
  cpSync(join(FIXTURES, name), project.path(name), { recursive: true });
  const pattern = new RegExp(`^${(expected.source.path ?? '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  return project
    .list(name)
    .map((file) => `${name}/${file}`)
    .filter((file) => pattern.test(file));
}

/** More records are damaged than not. */
function isMostlyDamaged({ expected: { rows = [], rejects = [] } }: Fixture): boolean {
  return rejects.length > rows.length;
}

/** A file without a single character that is not blank. */
function isNothing({ bytes }: Fixture): boolean {
  return bytes !== null && /^\ufeff?\s*$/.test(bytes.toString());
}
