import type { SqlText } from './sql-text.ts';

/** The type of a column as its server knows it, domains resolved to what they stand for. */
export interface ServerType {
  /** Bare and in lower case (`numeric`, `timestamptz`, `bigint`, `varchar`); of an array that of its elements. */
  readonly name: string;
  /** As the server writes it, for people and for drift (`numeric(12,2)`, `bigint unsigned`, `mood[]`). */
  readonly sql: string;
  readonly kind: 'base' | 'enum' | 'array' | 'range' | 'composite' | 'other';
  /** Digits of a number, or of the fraction of a second; null where none are declared. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** Characters, bytes or bits at most; null where none are declared. */
  readonly length: number | null;
  readonly unsigned: boolean;
  /** Of text: `utf8mb4`, `latin1`; null where the server has one for all, or none (`binary`). */
  readonly charset: string | null;
}

export interface DescribedColumn {
  readonly name: string;
  readonly type: ServerType;
  readonly nullable: boolean;
  /** What the table's owner wrote about it, or null. */
  readonly comment: string | null;
}

/** What a table, a view or a query looks like, by its server's catalogue. Survives JSON; no rows were read. */
export interface TableDescription {
  /** `PostgreSQL 15.18`, `MariaDB 10.11.19`. */
  readonly server: string;
  readonly kind: 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table' | 'query';
  /** As the server resolved it; null for a query. */
  readonly relation: { readonly schema: string; readonly name: string } | null;
  /** In the table's order. */
  readonly columns: readonly DescribedColumn[];
  /** Columns of the primary key, in its order; none where there is no key. */
  readonly primaryKey: readonly string[];
  /** By the server's statistics; null where it has none. */
  readonly estimatedRows: number | null;
  readonly estimatedBytes: number | null;
}

/** What is to be described. */
export interface TableRequest {
  readonly relation: { readonly schema: string | null; readonly name: string } | null;
  readonly query: SqlText | null;
}

/** One table of a schema. */
export interface ListedTable {
  readonly schema: string;
  readonly name: string;
}
