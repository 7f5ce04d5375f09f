import type { FeaturePlan } from '../../flow/dataset-plan.ts';

const UNITS = { s: 0, ms: 3, us: 6, ns: 9 } as const;

/** The column type that holds every value of a field, as ClickHouse itself writes it. */
export function clickhouseType(
  { type, nullable }: Pick<FeaturePlan, 'type' | 'nullable'>,
  lowCardinality = false,
): string {
  const plain = plainType(type);
  const inner = nullable ? `Nullable(${plain})` : plain;
  return lowCardinality ? `LowCardinality(${inner})` : inner;
}

function plainType(type: FeaturePlan['type']): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'Int' : 'UInt'}${type.bits}`;
    case 'float':
      return `Float${type.bits}`;
    case 'decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'uuid':
      return 'UUID';
    case 'date':
      return 'Date32';
    case 'time':
      return `Time64(${UNITS[type.unit]})`;
    case 'timestamp':
      return `DateTime64(${UNITS[type.unit]}, 'UTC')`;
    case 'boolean':
      return 'Bool';
    case 'string':
    case 'json':
    case 'binary':
      return 'String';
  }
}
