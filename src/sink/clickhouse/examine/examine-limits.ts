import { doubtful, type Found, failed, untold, well } from '../../../store/examine/finding.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';

/** An INSERT may not write into more partitions than that: the server's own limit where nobody changed it. */
const USUAL_PARTITIONS = 100;
const GIGABYTE = 1e9;
/** Less than that share of a disk is little. */
const LITTLE = 0.05;

/** What the user's profile lets a statement do. */
export async function examineLimits(server: ClickhouseServer, waiting: Waiting): Promise<Found<true>> {
  const sql = `SELECT toInt64(getSetting('readonly')) AS readonly,
    toUInt64(getSetting('max_partitions_per_insert_block')) AS partitions`;
  const [row] = await server.query({ sql }, waiting);
  const partitions = Number(row?.['partitions']);
  if (Number(row?.['readonly']) !== 0) {
    const hint = 'Give the user a profile with readonly = 0.';
    return failed('ATLAS_CH_GRANT', `the profile of the user says readonly = ${row?.['readonly']}`, hint);
  }
  if (partitions === 0) return well('an INSERT may write into any number of partitions', true);
  const message = `an INSERT may write into ${partitions} partitions (max_partitions_per_insert_block)`;
  if (partitions >= USUAL_PARTITIONS) return well(message, true);
  return doubtful(message, 'Raise it where a block of a load holds more of them, or partition more coarsely.', true);
}

/** How much room the disks have. */
export async function examineSpace(server: ClickhouseServer, waiting: Waiting): Promise<Found<true>> {
  const sql =
    'SELECT name, toFloat64(unreserved_space) AS free, toFloat64(total_space) AS total FROM system.disks ORDER BY name';
  const disks = (await server.query({ sql }, waiting)).map(({ name, free, total }) => ({
    name: String(name),
    free: Number(free),
    total: Number(total),
  }));
  // object storage has no end: it says so by a size that no disk has
  const finite = disks.filter(({ total }) => total > 0 && total < 1e18);
  if (finite.length === 0) return untold('the server does not tell what its disks hold');
  const told = finite.map(({ name, free, total }) => `${name}: ${bytes(free)} free of ${bytes(total)}`).join(', ');
  const isLittle = finite.some(({ free, total }) => free < GIGABYTE || free < LITTLE * total);
  return isLittle
    ? doubtful(told, 'A load needs room for its rows beside those that they replace.', true)
    : well(told, true);
}

function bytes(count: number): string {
  return `${(count / GIGABYTE).toLocaleString('en-US', { maximumFractionDigits: 1 })} GB`;
}
