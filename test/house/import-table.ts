import { posix } from 'node:path';
import { moduleFacts } from './module-facts.ts';
import { type Problem, sourcesUnder, type Tree } from './tree.ts';

/** Who may import whom, besides their own room and `errors` (src/README.md, "Who may import whom"). */
export const IMPORT_TABLE: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  metadata: [],
  kernel: [],
  store: [],
  batch: ['metadata', 'kernel'],
  flow: ['batch', 'metadata'],
  plan: ['flow', 'metadata'],
  encode: ['batch', 'kernel'],
  source: ['flow', 'batch', 'metadata', 'kernel', 'store'],
  sink: ['flow', 'batch', 'metadata', 'encode', 'store'],
  ledger: ['flow'],
  registry: ['flow', 'metadata', 'kernel', 'source', 'sink', 'encode', 'store', 'ledger'],
  run: ['flow', 'plan', 'registry'],
  intake: ['flow', 'metadata'],
  publish: ['flow', 'ledger', 'batch'],
  cli: ['metadata', 'kernel', 'batch', 'flow', 'plan', 'ledger', 'registry', 'run', 'intake', 'publish', 'index'],
  index: ['metadata', 'kernel', 'batch', 'flow', 'plan', 'ledger', 'registry', 'run', 'intake', 'publish'],
};

/** Rooms whose folders are connectors: siblings that never meet. */
const CONNECTOR_ROOMS = new Set(['source', 'encode', 'store', 'sink', 'ledger']);
/** Folders of connector rooms that are no connectors: floors, from the lowest up, that connectors and the floors above may stand on. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  source: ['cast', 'feed', 'reject', 'lines', 'profile', 'wire', 'examine'],
  store: ['examine'],
  encode: ['message'],
};
/** Rooms that only the registry opens, but for the neighbours the table names. */
const REGISTERED = new Set(['source', 'sink', 'ledger']);

/** The room a file of `src/` belongs to: its folder, or its own name at the top. */
export function roomOf(path: string): string {
  const [, first = ''] = path.split('/');
  return first.replace(/\.(d\.)?ts$/, '');
}

/** Whether a folder of a connector room may import another: a floor below it. */
function standsOn(room: string, folder = '', other = ''): boolean {
  const floors = FLOORS[room] ?? [];
  const below = floors.indexOf(other);
  const own = floors.indexOf(folder);
  return below >= 0 && (own < 0 || own > below);
}

/** Every relative import of `src/`, resolved: importer, imported path, line. */
export function edges(tree: Tree): readonly { readonly from: string; readonly to: string; readonly line: number }[] {
  return sourcesUnder(tree, 'src').flatMap((from) =>
    moduleFacts(tree.get(from) as string)
      .imports.filter(({ specifier }) => specifier.startsWith('.') && !specifier.endsWith('/'))
      .map(({ specifier, line }) => ({ from, to: resolve(tree, from, specifier), line })),
  );
}

function resolve(tree: Tree, from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier);
  const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}/index.ts`];
  return candidates.find((candidate) => tree.has(candidate)) ?? path;
}

/** Imports that the table does not allow, meetings of sibling connectors, and imports that leave `src/`. */
export function checkImportTable(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { from, to, line } of edges(tree)) {
    const where = `${from}:${line}`;
    if (!to.startsWith('src/')) {
      if (!/^(package\.json|dist\/)/.test(to)) problems.push({ where, what: `imports ${to}, which is outside src` });
      continue;
    }
    const [room, other] = [roomOf(from), roomOf(to)];
    if (other === 'errors') continue;
    if (room === other) {
      const [mine, theirs] = [from.split('/'), to.split('/')];
      const folders = mine.length > 3 && theirs.length > 3;
      if (CONNECTOR_ROOMS.has(room) && folders && mine[2] !== theirs[2] && !standsOn(room, mine[2], theirs[2])) {
        problems.push({ where, what: `${room}/${mine[2]} meets its sibling ${room}/${theirs[2]}` });
      }
      continue;
    }
    const allowed = IMPORT_TABLE[room];
    if (!allowed) problems.push({ where, what: `${room} is no room of the table` });
    else if (!allowed.includes(other)) problems.push({ where, what: `${room} may not import ${other} (${to})` });
    else if (REGISTERED.has(other) && to.split('/').length > 3 && room !== 'registry') {
      problems.push({ where, what: `only registry.ts opens connectors, this imports ${to}` });
    }
  }
  return problems;
}
