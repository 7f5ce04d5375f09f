import { AtlasError } from '../errors.ts';
import type { Connections } from '../flow/connections.ts';
import type { Receipt } from '../flow/receipt.ts';
import { tableLooks } from '../registry.ts';
import type { Finding, Look } from './finding.ts';
import { tableTarget } from './table-target.ts';
import { humanCount } from './units.ts';

/**
 * Holds a table against the receipt of a run that wrote to it: whether it is the same table, or one that was made of it, and each partition
 * has as many rows as the run wrote to it, at least. Fails with ATLAS_CONNECTION_UNKNOWN where no connection leads there, ATLAS_CH_*.
 */
export async function verifyTable(receipt: Receipt, connections: Connections, look: Look): Promise<Finding> {
  const { dataset, target, run, files, identity, table, rows } = receipt;
  const place = tableTarget(target, connections);
  if (place === null) {
    throw new AtlasError(
      'ATLAS_CONNECTION_UNKNOWN',
      `no clickhouse connection that is declared now leads to ${target}`,
      {
        hint: 'Declare it again, in the group or in _connections.json.',
      },
    );
  }
  const published = { run, files, identity, ...(table && { table }) };
  const found = await (await tableLooks()).published(place, published, look);
  const finding = { dataset, path: target, rows: rows.published, bytes: receipt.bytesOut, replayedBy: null };
  if (found.held === 'all') return { ...finding, problem: null };
  if (found.rows === null) return { ...finding, problem: 'the table is gone' };
  const what = found.held === 'some' ? 'some of its partitions hold' : 'it is another table, or holds';
  const problem = `${what} fewer rows than were published (it has ${humanCount(found.rows)} now)`;
  return { ...finding, problem };
}
