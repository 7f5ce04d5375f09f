/** A column's type as ClickHouse writes it, taken apart. */
export interface ColumnType {
  /** `Decimal`, `DateTime64`, `String`: what is inside Nullable, LowCardinality and SimpleAggregateFunction. */
  readonly name: string;
  /** As they are written: `9`, `'UTC'`. */
  readonly args: readonly string[];
  readonly nullable: boolean;
  readonly lowCardinality: boolean;
  /** Name and parameters of the function of a SimpleAggregateFunction; null for any other type. */
  readonly aggregate: string | null;
}

/** Takes a type apart, as `system.columns` tells it. */
export function parseColumnType(text: string): ColumnType {
  const { name, args } = split(text.trim());
  const inner = args.at(-1) ?? '';
  if (name === 'LowCardinality' && args.length === 1) return { ...parseColumnType(inner), lowCardinality: true };
  if (name === 'Nullable' && args.length === 1) return { ...parseColumnType(inner), nullable: true };
  if (name === 'SimpleAggregateFunction' && args.length === 2) {
    return { ...parseColumnType(inner), aggregate: args[0] ?? '' };
  }
  return { name, args, nullable: false, lowCardinality: false, aggregate: null };
}

/** A type with another inside; Nullable where `nullable` says so. */
export function formatColumnType(
  inner: string,
  { nullable, lowCardinality }: Omit<ColumnType, 'name' | 'args' | 'aggregate'>,
) {
  const known = nullable ? `Nullable(${inner})` : inner;
  return lowCardinality ? `LowCardinality(${known})` : known;
}

function split(text: string): Pick<ColumnType, 'name' | 'args'> {
  const open = text.indexOf('(');
  if (open < 0 || !text.endsWith(')')) return { name: text, args: [] };
  return { name: text.slice(0, open), args: splitArguments(text.slice(open + 1, -1)) };
}

/** At commas that stand in no quotes and no inner parentheses. */
function splitArguments(text: string): readonly string[] {
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '`' || character === '"') quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  args.push(text.slice(from).trim());
  return args;
}
