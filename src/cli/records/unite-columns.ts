import { nameLogicalType, parseLogicalType } from '../../metadata/logical-type.ts';
import { widenType } from '../../plan/infer/widen-type.ts';
import type { RecordsColumn, RecordsFile } from './records-file.ts';

/** A column of a table that is to be made. */
export interface NewColumn {
  readonly name: string;
  /** As people write it. */
  readonly type: string;
  readonly nullable: boolean;
}

/**
 * The columns of a table that takes every row of all files: by name, in the order they come up; the narrowest type that holds them all
 * exactly, else text; nullable where a row is null or a file lacks it.
 */
export function uniteColumns(files: readonly Pick<RecordsFile, 'columns'>[]): readonly NewColumn[] {
  const found = new Map<string, RecordsColumn[]>();
  for (const { columns } of files) {
    for (const column of columns) found.set(column.name, [...(found.get(column.name) ?? []), column]);
  }
  return [...found].map(([name, parts]) => ({
    name,
    type: uniteTypes(parts),
    nullable: parts.some(({ nullable }) => nullable) || parts.length < files.length,
  }));
}

function uniteTypes(parts: readonly RecordsColumn[]): string {
  const types = new Set(parts.flatMap(({ blank, type }) => (blank ? [] : [type])));
  const [first = 'string', ...others] = types;
  return others.reduce((one, other) => {
    const [a, b] = [parseLogicalType(one), parseLogicalType(other)];
    const wide = 'problem' in a || 'problem' in b ? null : widenType(a, b);
    return wide === null ? 'string' : nameLogicalType(wide);
  }, first);
}
