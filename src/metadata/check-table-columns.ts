import type { CheckContext } from './check-context.ts';
import type { ClickhouseDestination } from './clickhouse-destination-schema.ts';
import type { Feature } from './feature-schema.ts';
import { parseLogicalType } from './logical-type.ts';
import { suggest } from './nearest.ts';

/** Columns that the server itself keeps in tables. */
const RESERVED: ReadonlySet<string> = new Set(['_row_exists', '_block_number', '_block_offset']);

/** A name and nothing else: not an expression of features. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What must hold between the keys of a ClickHouse table and the features that become its columns; `allFeatures` is false where some were
 * left out because they were wrong. `check` stands on the destination.
 */
export function checkTableColumns(
  destination: ClickhouseDestination,
  features: readonly Feature[],
  allFeatures: boolean,
  check: CheckContext,
): void {
  const names = features.map((feature) => feature.name);
  const find = (name: string) => features.find((each) => each.name === name);
  const reserved = names.find((name) => RESERVED.has(name));
  if (reserved !== undefined) {
    const message = `a feature is named ${reserved}, which ClickHouse keeps for itself`;
    check.problem([], message, 'Rename it: "name" is the column, "from" what it is called in the source.');
  }
  destination.low_cardinality.forEach((name, index) => {
    const feature = find(name);
    if (feature === undefined) {
      unknown('low_cardinality', name, index);
      return;
    }
    const type = parseLogicalType(feature.type);
    if ('problem' in type || type.kind === 'string') return;
    const message = `low_cardinality names ${name}, whose type is ${JSON.stringify(feature.type)}`;
    check.problem(['low_cardinality', index], message, 'Only features of type string can be.');
  });
  for (const key of ['order_by', 'partition_by', 'primary_key'] as const) {
    destination[key]?.forEach((text, index) => {
      if (!NAME.test(text) && find(text) === undefined) return;
      const feature = find(text);
      if (feature === undefined) {
        unknown(key, text, index);
        return;
      }
      if (!feature.nullable || allowsNull(destination)) return;
      const message = `${key} names ${text}, which may be null, and a key may not`;
      const hint = `Say "nullable": false of ${text}, or "settings": { "allow_nullable_key": 1 }.`;
      check.problem([key, index], message, hint);
    });
  }
  const { order_by: order = [], primary_key: primary } = destination;
  if (primary === undefined || primary.every((each, index) => order[index] === each)) return;
  const message = `primary_key is ${JSON.stringify(primary)}, which is no prefix of order_by, ${JSON.stringify(order)}`;
  check.problem(['primary_key'], message, 'Let it begin as order_by does.');

  function unknown(key: string, name: string, index: number): void {
    if (!allFeatures) return;
    check.problem([key, index], `${key} names ${JSON.stringify(name)}, which is no feature`, suggest(name, names));
  }
}

function allowsNull({ settings }: ClickhouseDestination): boolean {
  return [1, '1', true].includes(settings?.['allow_nullable_key'] ?? 0);
}
