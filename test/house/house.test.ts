import { describe, expect, it } from 'vitest';
import { checkDependencies } from './dependencies.ts';
import { checkErrorCodes } from './error-codes.ts';
import { checkExports } from './exports.ts';
import { checkLayout } from './layout.ts';
import { checkLockfile } from './lockfile.ts';
import { checkNames } from './names.ts';
import { checkSizes } from './sizes.ts';
import { checkTraces } from './traces.ts';
import { lines, type Problem, readTree, type Tree, treeOf } from './tree.ts';

type Check = (tree: Tree) => readonly Problem[];

const CHECKS: Readonly<Record<string, Check>> = {
  checkDependencies,
  checkErrorCodes,
  checkExports,
  checkLayout,
  checkLockfile,
  checkNames,
  checkSizes,
  checkTraces,
};

describe('the house', () => {
  it.each(Object.entries(CHECKS))('%s finds nothing', (_name, check) => {
    expect(lines(check(readTree()))).toEqual([]);
  });
});

/** What each check must say about a small tree that breaks its rule: a check that cannot fail proves nothing. */
const BROKEN: readonly (readonly [string, Check, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'a file above 400 lines, AssemblyScript included',
    checkSizes,
    { 'src/kernel/assembly/csv.ts': 'x\n'.repeat(401), 'src/a.ts': '', 'src/b.ts': '' },
    ['src/kernel/assembly/csv.ts: has 401 lines, 400 are allowed'],
  ],
  [
    'a median above 120 lines',
    checkSizes,
    { 'src/a.ts': 'x\n'.repeat(121), 'src/b.ts': 'x\n'.repeat(130), 'src/c.ts': 'x' },
    ['src: the median file has 121 lines, not 120'],
  ],
  [
    'an enum, a default export, a barrel',
    checkExports,
    {
      'src/plan/a.ts': 'export enum Colour { Red }\nexport const enum Shape { Round }',
      'src/plan/b.ts': 'export default function () {}',
      'src/plan/c.ts': "const x = 1;\nexport { x as default };\nexport * from './a.ts';",
      'src/index.ts': "export { b } from './plan/b.ts';",
      'test/vitest.config.ts': 'export default {};',
    },
    [
      'src/plan/a.ts:1: enum Colour',
      'src/plan/a.ts:2: enum Shape',
      'src/plan/b.ts: has a default export',
      'src/plan/c.ts: has a default export',
      'src/plan/c.ts:3: re-exports ./a.ts; only src/index.ts may',
    ],
  ],
  [
    'names that say nothing or the wrong thing',
    checkNames,
    {
      'src/run/util/x.ts': 'export const x = 1;',
      'src/run/RowGroup.ts': 'export class RowGroup {}',
      'src/run/lane.ts': 'export class LaneManager {}',
      'src/run/pump.ts': 'export function settle() {}',
      'src/run/retry-limits.ts': 'export interface RetryLimit {}',
    },
    [
      'src/run/RowGroup.ts: the file name is not kebab-case',
      'src/run/lane.ts:1: class LaneManager has a suffix that says nothing',
      'src/run/pump.ts: is named after none of its exports (settle)',
      'src/run/util/x.ts: a room called util says nothing',
    ],
  ],
  [
    'strangers at the top, rooms of no table, missing pages',
    checkLayout,
    {
      'tools/x.ts': '',
      'notes.md': '',
      'src/attic/x.ts': '',
      'README.md': '',
      'CHANGELOG.md': '',
      LICENSE: '',
      'package-lock.json': '{}',
      'src/README.md': '',
    },
    [
      'tools: does not belong at the top',
      'notes.md: does not belong at the top',
      'src/attic: is no room of the house',
      '.ci/run: is missing',
    ],
  ],
  [
    'traces of a machine',
    checkTraces,
    {
      'src/a.ts': `\nconst p = '/${'root'}/x';`,
      '.npmrc': `regis${'try'}=https://example.org`,
    },
    ['src/a.ts:2: holds a path of one machine', '.npmrc:1: holds a registry setting'],
  ],
  [
    'a lockfile that other machines cannot use',
    checkLockfile,
    {
      'package-lock.json': JSON.stringify({
        packages: {
          'node_modules/a': {
            resolved: 'https://example.org/a.tgz',
            optionalDependencies: { 'a-linux': '1.0.0', 'a-darwin': '1.0.0', 'a-win32': '1.0.1' },
          },
          'node_modules/a-linux': { version: '1.0.0' },
          'node_modules/a-win32': { version: '1.0.0' },
        },
      }),
    },
    [
      'package-lock.json: node_modules/a is bound to the host of https://example.org/a.tgz',
      'package-lock.json: a-darwin 1.0.0 of node_modules/a is not locked',
      'package-lock.json: a-win32 1.0.1 of node_modules/a is not locked',
    ],
  ],
  [
    'dependencies that are loose, unexplained or undeclared',
    checkDependencies,
    {
      'package.json': JSON.stringify({ dependencies: { a: '^1.0.0' }, devDependencies: { b: '1.0.0' } }),
      'src/README.md': '* `a`: the reason why it is here\n* `b`',
      'src/run/x.ts': "import 'a/sub';\nimport 'b';\nimport '@scope/c/d';\nimport 'node:fs';",
      'test/x.test.ts': "import 'b';",
    },
    [
      'package.json: a is ^1.0.0, not an exact version',
      'src/README.md: says no reason for b',
      'src/run/x.ts:2: imports b, which package.json does not declare for it',
      'src/run/x.ts:3: imports @scope/c, which package.json does not declare for it',
    ],
  ],
  [
    'codes that are unused or unknown',
    checkErrorCodes,
    {
      'src/errors.ts': 'const CODES = {\n  ATLAS_USED: entry(\n  ATLAS_IDLE: entry(\n',
      'src/run/x.ts': "fail('ATLAS_USED');\nfail('ATLAS_NOVEL');\nenv.ATLAS_STATE;",
      'README.md': 'See ATLAS_GONE and ATLAS_CSV_….',
    },
    [
      'src/run/x.ts:2: ATLAS_NOVEL is no code of src/errors.ts',
      'README.md:1: ATLAS_GONE is no code of src/errors.ts',
      'src/errors.ts: nothing uses ATLAS_IDLE',
    ],
  ],
];

describe('each check can fail', () => {
  it.each(BROKEN)('%s', (_name, check, files, expected) => {
    expect(lines(check(treeOf(files)))).toEqual(expected);
  });

  it('every check is proven so', () => {
    expect(new Set(BROKEN.map(([, check]) => check))).toEqual(new Set(Object.values(CHECKS)));
  });
});
