import type { ListedTable } from '../../flow/table-description.ts';
import { parseTableName } from '../../metadata/table-name.ts';

/** Whether one of the patterns names a table; `*` in a pattern stands for any characters. */
export function excludes(patterns: readonly string[], table: ListedTable): boolean {
  return patterns.some((pattern) => {
    const parsed = parseTableName(pattern);
    if (parsed === null) return false;
    return (parsed.schema === null || matches(parsed.schema, table.schema)) && matches(parsed.name, table.name);
  });
}

function matches(pattern: string, name: string): boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(name);
}
