import { AtlasError } from '../../errors.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import { findTable } from './find-table.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';
import type { TablePlan } from './table-plan.ts';

/** Databases that give each table an id, and exchange two of them in one step. */
const ATOMIC = new Set(['Atomic', 'Replicated']);
const KNOWN = /^(Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing|Graphite|Coalescing)?MergeTree$/;

/**
 * Refuses a target that cannot be published to, before anything is read. Fails with ATLAS_CH_TABLE_MISSING, ATLAS_CH_ATOMIC,
 * ATLAS_CH_VIEWS or ATLAS_TARGET_KIND.
 */
export async function checkTarget(place: TablePlace, plan: TablePlan, waiting: Waiting): Promise<void> {
  const at = { place: { file: place.target } };
  // the engine's databases are this program's own: one process may use several
  if (place.server.embedded) {
    await place.command(
      `CREATE DATABASE IF NOT EXISTS ${quoteClickhouseName(place.database)} ENGINE = Atomic`,
      waiting,
    );
  }
  const [database] = await place.query('SELECT engine FROM system.databases WHERE name = {database:String}', waiting);
  if (database === undefined) {
    throw new AtlasError('ATLAS_CH_TABLE_MISSING', `there is no database ${place.database} on ${place.server.name}`, {
      ...at,
      hint: `Make it (CREATE DATABASE … ENGINE = Atomic), or let this user see it.`,
    });
  }
  if (!ATOMIC.has(String(database['engine']))) {
    const message = `the database ${place.database} is ${database['engine']}: Atomic or Replicated is needed`;
    throw new AtlasError('ATLAS_CH_ATOMIC', message, at);
  }
  const live = await findTable(place, place.table, waiting);
  const name = place.called(place.table);
  if (live === null) {
    if (plan.create !== null) return;
    const message = `there is no table ${name}, and create_table is false`;
    throw new AtlasError('ATLAS_CH_TABLE_MISSING', message, at);
  }
  if (!KNOWN.test(live.engine)) {
    throw new AtlasError(
      'ATLAS_TARGET_KIND',
      `${name} is ${live.engine}: only tables of MergeTree engines are loaded`,
      {
        ...at,
        hint: /^(Replicated|Shared)/.test(live.engine)
          ? 'Replicated tables are not supported: EXCHANGE and MOVE PARTITION publish on one replica only.'
          : 'Name the table that rows are stored in.',
      },
    );
  }
  if (live.views.length === 0 || plan.onViews !== 'refuse') return;
  const views = live.views.join(', ');
  throw new AtlasError(
    'ATLAS_CH_VIEWS',
    `${name} feeds materialized views (${views}), which would not see this load`,
    at,
  );
}
