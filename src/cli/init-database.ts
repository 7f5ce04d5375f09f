import { AtlasError } from '../errors.ts';
import type { DatabaseConnection } from '../flow/connections.ts';
import type { Abortable } from '../flow/source.ts';
import type { ListedTable, TableDescription } from '../flow/table-description.ts';
import { connectionSchema } from '../metadata/connection-schema.ts';
import { parseGroup } from '../metadata/parse-group.ts';
import { formatTableName, parseTableName, type TableName } from '../metadata/table-name.ts';
import { planConnections } from '../plan/plan-connections.ts';
import { planGroup } from '../plan/plan-group.ts';
import { type DatabaseUrl, parseDatabaseUrl } from '../plan/propose/database-url.ts';
import type { ProposedDataset } from '../plan/propose/propose-dataset.ts';
import { proposeDatasetName } from '../plan/propose/propose-names.ts';
import { proposeSchema, proposeTable } from '../plan/propose/propose-tables.ts';
import { renderDocument } from '../plan/propose/render-document.ts';
import { resolveTables } from '../plan/table/resolve-tables.ts';
import { describeTable, listTables } from '../registry.ts';
import type { InitOptions } from './init-options.ts';

/** A document of a database's tables, and what is to be said of it. */
export interface DatabaseDocument {
  readonly text: string;
  /** For people, a sentence each. */
  readonly notes: readonly string[];
}

/** What is known of a database while its document is written. */
interface Sketch {
  readonly url: DatabaseUrl;
  readonly connection: DatabaseConnection;
  /** Name of the connection. */
  readonly name: string;
  readonly options: InitOptions;
  readonly notes: string[];
  readonly known: Map<string, TableDescription>;
}

/**
 * Looks at a database and writes the document that reads its tables: those of `--table`, or all of its schema. The password is never in
 * it. Fails with ATLAS_USAGE, ATLAS_DB_*.
 */
export async function initDatabase(
  options: InitOptions,
  place: { readonly root: string; readonly schema: string | null },
  through: Abortable,
): Promise<DatabaseDocument> {
  const url = parseDatabaseUrl(options.files[0] ?? '');
  const name = proposeDatasetName(url.database, new Set());
  const connection = connectionOf(name, url, place.root);
  const sketch: Sketch = { url, connection, name, options, notes: [], known: new Map() };
  const datasets = await proposeAll(sketch, through);
  const variable = `${name.replaceAll('-', '_').toUpperCase()}_PASSWORD`;
  const secret = url.password === null ? {} : { password: `\${${variable}}` };
  const connections = { [name]: { ...url.keys, ...secret } };
  const text = renderDocument({ schema: place.schema, ocs: null, connections }, datasets);
  await prove(text, sketch, variable, place.root, through);
  if (url.password !== null) {
    sketch.notes.push(
      `the password is not in the document: set ${variable}, in the environment or in .env beside metadata/`,
    );
  }
  return { text, notes: sketch.notes };
}

function connectionOf(name: string, { keys, password, type }: DatabaseUrl, root: string): DatabaseConnection {
  const declared = connectionSchema.parse({ ...keys, ...(password === null ? {} : { password }) });
  const planned = planConnections({ [name]: declared }, root)[name];
  if (planned?.type !== type) throw new TypeError(`${name} was not planned as a database`);
  return planned as DatabaseConnection;
}

async function proposeAll(sketch: Sketch, through: Abortable): Promise<readonly ProposedDataset[]> {
  const { options, connection } = sketch;
  if (options.tables.length === 0) return [await schemaOf(null, options.name, sketch, through)];
  const taken = new Set<string>();
  const datasets: ProposedDataset[] = [];
  for (const text of options.tables) {
    const table = parseTableName(text);
    if (table === null) {
      throw new AtlasError(
        'ATLAS_USAGE',
        `--table is ${JSON.stringify(text)}, a name such as public.orders or public.* is expected`,
      );
    }
    const given = datasets.length === 0 ? options.name : null;
    if (table.name === '*') {
      datasets.push(await schemaOf(table.schema, given, sketch, through));
      continue;
    }
    const name = given ?? proposeDatasetName(table.name, taken);
    taken.add(name);
    const description = await describe(table, sketch, through);
    const { proposed, left } = proposeTable(connection.type, { name, connection: sketch.name }, description);
    for (const column of left)
      sketch.notes.push(`${text}: ${column.name} is left out: no feature can hold ${column.type.sql}`);
    datasets.push(proposed);
  }
  return datasets;
}

/** All tables of a schema; those that have a column which none can hold are left out by name. */
async function schemaOf(
  schema: string | null,
  given: string | null,
  sketch: Sketch,
  through: Abortable,
): Promise<ProposedDataset> {
  const { connection, notes } = sketch;
  const tables = await listTables(connection, schema, through);
  const [first] = tables;
  if (first === undefined) {
    throw new AtlasError(
      'ATLAS_DB_TABLE_MISSING',
      `${sketch.url.database}: there is no table in ${schema ?? 'its schema'} that this user may read`,
    );
  }
  const exclude: TableName[] = [];
  for (const table of tables) {
    const description = await describe(table, sketch, through);
    const { left } = proposeTable(connection.type, { name: 'x', connection: sketch.name }, description);
    if (left.length === 0 && description.columns.length > 0) continue;
    exclude.push(table);
    const why = left.map(({ name, type }) => `${name} is ${type.sql}`).join(', ') || 'it has no columns';
    notes.push(
      `${formatTableName(table)} is left out: ${why}; it needs features of its own: init … --table ${formatTableName(table)}`,
    );
  }
  notes.push(
    `${tables.length - exclude.length} of ${tables.length} tables of ${first.schema}, and any that are added later`,
  );
  const name = given ?? proposeDatasetName(first.schema, new Set());
  return proposeSchema(connection.type, { name, connection: sketch.name, exclude }, first.schema);
}

async function describe(table: TableName | ListedTable, { connection, known }: Sketch, through: Abortable) {
  const key = formatTableName(table);
  const found = known.get(key) ?? (await describeTable(connection, { relation: table, query: null }, through));
  known.set(key, found);
  return found;
}

/** What is printed can be loaded and planned. Fails with ATLAS_INIT_UNDECIDED where it cannot. */
async function prove(text: string, sketch: Sketch, variable: string, root: string, through: Abortable): Promise<void> {
  const { group, problems } = parseGroup(text, 'proposed.jsonc', {
    variables: { [variable]: 'x' },
    files: new Map(),
    connections: [],
  });
  if (group === null) {
    const messages = problems.map(({ message }) => message).join('; ');
    throw new AtlasError(
      'ATLAS_INIT_UNDECIDED',
      `${sketch.url.database}: no document can say how to read it: ${messages}`,
    );
  }
  const catalogues = {
    describe: async (_name: string, { relation }: { readonly relation: TableName | null }) =>
      describe(relation ?? { schema: null, name: '' }, sketch, through),
    list: async (_name: string, schema: string | null) => listTables(sketch.connection, schema, through),
  };
  const { datasets, described } = await resolveTables(
    { group, datasets: group.dataset_config, variables: {}, catalogues },
    through,
  );
  planGroup(group, datasets, { root, variables: {}, described });
}
