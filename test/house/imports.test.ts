import { describe, expect, it } from 'vitest';
import { checkCycles } from './cycles.ts';
import { checkImportTable } from './import-table.ts';
import { moduleFacts } from './module-facts.ts';
import { lines, readTree, treeOf } from './tree.ts';

describe('the import table', () => {
  it('holds in this repository', () => {
    expect(lines(checkImportTable(readTree()))).toEqual([]);
  });

  it('looks at more than a handful of files', () => {
    expect([...readTree().keys()].filter((path) => path.startsWith('src/')).length).toBeGreaterThan(20);
  });

  it.each([
    ['a value', "import { x } from '../source/csv/x.ts';"],
    ['a type', "import type { X } from '../source/csv/x.ts';"],
    ['a type among values', "import {\n  type X,\n} from '../source/csv/x.ts';"],
    ['a type query', "export type X = import('../source/csv/x.ts').X;"],
    ['a dynamic import', "export const open = async () => (await import('../source/csv/x.ts')).open;"],
    ['a re-export', "export type { X } from '../source/csv/x.ts';"],
    ['a star re-export', "export * as x from '../source/csv/x.ts';"],
    ['a side effect', "import '../source/csv/x.ts';"],
    ['a worker', "new Worker(new URL('../source/csv/x.ts', import.meta.url));"],
  ])('sees %s', (_name, source) => {
    const tree = treeOf({ 'src/run/pump.ts': source, 'src/source/csv/x.ts': 'export const x = 1;' });
    expect(lines(checkImportTable(tree))).toEqual([
      'src/run/pump.ts:1: run may not import source (src/source/csv/x.ts)',
    ]);
  });

  it('lets siblings of a room not meet, and its own room and errors through', () => {
    const tree = treeOf({
      'src/source/csv/a.ts':
        "import { b } from '../parquet/b.ts';\nimport { c } from './c.ts';\nimport { e } from '../../errors.ts';",
      'src/source/csv/c.ts': 'export const c = 1;',
      'src/source/parquet/b.ts': 'export const b = 1;',
      'src/errors.ts': 'export const e = 1;',
    });
    expect(lines(checkImportTable(tree))).toEqual([
      'src/source/csv/a.ts:1: source/csv meets its sibling source/parquet',
    ]);
  });

  it('lets connectors stand on floors, and floors on those below them, never the other way round', () => {
    const tree = treeOf({
      'src/source/postgres/a.ts': "import { w } from '../wire/w.ts';\nimport { c } from '../cast/c.ts';",
      'src/source/wire/w.ts': "import { c } from '../cast/c.ts';\nimport { a } from '../postgres/a.ts';",
      'src/source/cast/c.ts': "import { w } from '../wire/w.ts';",
    });
    expect(lines(checkImportTable(tree))).toEqual([
      'src/source/cast/c.ts:1: source/cast meets its sibling source/wire',
      'src/source/wire/w.ts:2: source/wire meets its sibling source/postgres',
    ]);
  });

  it('lets only the registry open connectors', () => {
    const tree = treeOf({
      'src/cli/history.ts': "import { open } from '../ledger/sqlite/open.ts';",
      'src/registry.ts': "export const ledger = () => import('./ledger/sqlite/open.ts');",
      'src/ledger/sqlite/open.ts': 'export const open = 1;',
    });
    expect(lines(checkImportTable(tree))).toEqual([
      'src/cli/history.ts:1: only registry.ts opens connectors, this imports src/ledger/sqlite/open.ts',
    ]);
  });

  it('refuses rooms it does not know and imports that leave src', () => {
    const tree = treeOf({ 'src/attic/a.ts': "import '../flow/b.ts';", 'src/flow/b.ts': "import '../../test/x.ts';" });
    expect(lines(checkImportTable(tree))).toEqual([
      'src/attic/a.ts:1: attic is no room of the table',
      'src/flow/b.ts:1: imports test/x.ts, which is outside src',
    ]);
  });

  it('is not fooled by comments, strings, templates and regular expressions', () => {
    const source = [
      "// import '../sink/a.ts'",
      "/* import '../sink/b.ts' */",
      'const text = "import \'../sink/c.ts\'";',
      "const template = `import '../sink/d.ts' ${`${'}'}`} import '../sink/e.ts'`;",
      "const pattern = /['\"`]/.test(text) ? 4 / 2 : /import '..[/]'/;",
      "import { real } from './real.ts';",
    ].join('\n');
    expect(moduleFacts(source).imports).toEqual([{ specifier: './real.ts', line: 6, reexport: false }]);
  });
});

describe('cycles', () => {
  it('there are none in this repository', () => {
    expect(lines(checkCycles(readTree()))).toEqual([]);
  });

  it('are found, through type-only imports too', () => {
    const tree = treeOf({
      'src/flow/a.ts': "import type { B } from './b.ts';",
      'src/flow/b.ts': "import type { C } from './c.ts';",
      'src/flow/c.ts': "export type C = import('./a.ts').A;",
    });
    expect(lines(checkCycles(tree))).toEqual([
      'src/flow/a.ts: imports itself: src/flow/a.ts → src/flow/b.ts → src/flow/c.ts → src/flow/a.ts',
    ]);
  });
});
