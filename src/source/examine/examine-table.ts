import type { DatabaseConnection } from '../../flow/connections.ts';
import type { ExaminationStep } from '../../flow/examination.ts';
import type { TableDescription } from '../../flow/table-description.ts';
import { formatTableName, parseTableName, type TableName } from '../../metadata/table-name.ts';
import { doubtful, type Found, failed, untold, well } from '../../store/examine/finding.ts';
import { tellStep } from '../../store/examine/tell-step.ts';
import type { ProbedSession } from './database-probe.ts';

/** Tables of a schema that are looked at one by one. */
const MOST_TABLES = 20;

/** Tries one table as a dataset names it: whether it is there and may be read, how large it is, and whether a row comes. */
export async function* examineTable(
  source: string,
  connection: DatabaseConnection,
  session: ProbedSession,
  signal: AbortSignal,
): AsyncGenerator<ExaminationStep> {
  const name = parseTableName(source);
  if (name === null || source.includes('{{')) {
    const what =
      source === '(query)' ? 'a query is tried by plan' : `${source} is named by a run variable: plan tries it`;
    yield* tellStep(null, 'table', async () => untold(what), signal);
    return;
  }
  if (name.name !== '*') {
    yield* examineOne(name, session, signal);
    return;
  }
  const tables = yield* tellStep(
    null,
    'tables',
    async () => {
      const found = await session.list(name.schema, { signal });
      if (found.length > 0) return well(`${source}: ${found.length} tables and views`, found);
      const hint = 'Check the schema, and the grants of the user.';
      return failed(
        'ATLAS_DB_TABLE_MISSING',
        `${source}: there is none in ${connection.database} that this user may read`,
        hint,
      );
    },
    signal,
  );
  for (const table of (tables ?? []).slice(0, MOST_TABLES)) yield* examineOne(table, session, signal);
  const more = (tables?.length ?? 0) - MOST_TABLES;
  if (more > 0) yield* tellStep(null, 'tables', async () => untold(`${more} further tables are not tried`), signal);
}

async function* examineOne(
  relation: TableName,
  session: ProbedSession,
  signal: AbortSignal,
): AsyncGenerator<ExaminationStep> {
  const label = formatTableName(relation);
  const described = yield* tellStep(
    null,
    'table',
    async () => tellTable(label, await session.describe({ relation, query: null }, { signal })),
    signal,
  );
  if (described === null) return;
  yield* tellStep(
    null,
    'row',
    async () => {
      const found = await session.firstRow(described, { signal });
      if (found) return well(`${label}: a row comes`, true);
      return doubtful(
        `${label} may be read, and holds no row for this user`,
        'on_empty says what becomes of an empty table.',
        true,
      );
    },
    signal,
  );
}

function tellTable(label: string, description: TableDescription): Found<TableDescription> {
  const { columns, kind, primaryKey, estimatedRows, estimatedBytes } = description;
  const size = [
    estimatedRows === null ? 'of unknown size' : `about ${estimatedRows.toLocaleString('en-US')} rows`,
    ...(estimatedBytes === null ? [] : [`${estimatedBytes.toLocaleString('en-US')} bytes`]),
  ];
  const key = primaryKey.length === 0 ? 'no primary key' : `primary key ${primaryKey.join(', ')}`;
  return well(`${label}: ${kind}, ${columns.length} columns, ${size.join(', ')}, ${key}`, description);
}
