import type { LogicalType } from '../metadata/logical-type.ts';

/** One output column. */
export interface Field {
  readonly name: string;
  readonly type: LogicalType;
  readonly nullable: boolean;
  /** Masked in everything but the data itself. */
  readonly sensitive: boolean;
}

/** The ordered columns of a batch, a fragment or a file. */
export interface Schema {
  readonly fields: readonly Field[];
}
