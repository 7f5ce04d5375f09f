/** One column, as receipts record it: `type` in its canonical spelling. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** What became different between two schemas; `before` and `after` are values of the column that changed. */
export type SchemaChange =
  | { readonly kind: 'added' | 'removed'; readonly column: string; readonly type: string }
  | { readonly kind: 'retyped'; readonly column: string; readonly before: string; readonly after: string }
  | { readonly kind: 'nullable'; readonly column: string; readonly before: boolean; readonly after: boolean }
  | { readonly kind: 'moved'; readonly before: readonly string[]; readonly after: readonly string[] };

/** What changes for a reader of the target: columns by name, in the order of `after`, then those removed, then a new order. Pure. */
export function compareSchemas(before: readonly Column[], after: readonly Column[]): readonly SchemaChange[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const names = new Set(after.map((column) => column.name));
  const changes: SchemaChange[] = [];
  for (const column of after) {
    const was = old.get(column.name);
    if (was === undefined) {
      changes.push({ kind: 'added', column: column.name, type: column.type });
      continue;
    }
    if (was.type !== column.type) {
      changes.push({ kind: 'retyped', column: column.name, before: was.type, after: column.type });
    }
    if (was.nullable !== column.nullable) {
      changes.push({ kind: 'nullable', column: column.name, before: was.nullable, after: column.nullable });
    }
  }
  for (const column of before) {
    if (!names.has(column.name)) changes.push({ kind: 'removed', column: column.name, type: column.type });
  }
  const kept = after.flatMap((column) => (old.has(column.name) ? [column.name] : []));
  const order = before.flatMap((column) => (names.has(column.name) ? [column.name] : []));
  if (kept.join('\n') !== order.join('\n')) changes.push({ kind: 'moved', before: order, after: kept });
  return changes;
}

/** A change in words. */
export function describeChange(change: SchemaChange): string {
  switch (change.kind) {
    case 'added':
      return `${change.column} is new: ${change.type}`;
    case 'removed':
      return `${change.column} is gone: it was ${change.type}`;
    case 'retyped':
      return `${change.column} was ${change.before} and becomes ${change.after}`;
    case 'nullable':
      return `${change.column} ${change.after ? 'may be null now' : 'may be null no longer'}`;
    case 'moved':
      return `the columns change their order: ${change.after.join(', ')}`;
  }
}
