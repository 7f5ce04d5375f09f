import { query } from './duck.ts';
import { datasetOf, type Project } from './project.ts';

type More = {
  readonly features?: Readonly<Record<string, string>>;
  readonly source?: object;
  readonly destination?: object;
  readonly rest?: object;
};

/** A dataset over in/*.csv that evolves. */
export function evolving({ features, source, destination, rest }: More = {}) {
  return datasetOf('t', features ?? { id: 'int32' }, {
    source: { path: 'in/*.csv', ...source },
    ...(destination === undefined ? {} : { destination }),
    rest: { on_drift: 'evolve', ...rest },
  });
}

/** Rows of what was published, in order. */
export const rowsOf = (project: Project, columns = '* EXCLUDE (file_row_number)') =>
  query(
    `SELECT ${columns} FROM read_parquet('${project.path('out/t.parquet')}', file_row_number = true) ORDER BY file_row_number`,
  );
/** DuckDB's types of what was published. */
export const typesOf = async (project: Project) =>
  Object.fromEntries(
    (await query(`DESCRIBE SELECT * FROM '${project.path('out/t.parquet')}'`)).map(([name, type]) => [name, type]),
  );

/** What a run made of its columns. */
export const outcome = ({ outcome, error, drift, schema }: Awaited<ReturnType<Project['load']>>) => ({
  outcome,
  error: error?.message ?? null,
  evolved: drift?.evolved.map(({ name, type }) => `${name} ${type}`),
  added: drift?.added,
  widened: drift?.widened.map(({ name, type }) => `${name} ${type}`),
  schema: schema.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' not null'}`),
});
