/** A column of a table that is there. */
export interface LiveColumn {
  readonly name: string;
  readonly type: string;
  readonly fill: 'DEFAULT' | 'MATERIALIZED' | 'ALIAS' | 'EPHEMERAL' | null;
  /** Whether the table is sorted, partitioned, indexed or sampled by it, itself or within an expression. */
  readonly key: boolean;
}

/** A table that is there. Keys are SQL, as the server writes it. */
export interface LiveTable {
  readonly uuid: string;
  /** Without parameters: `ReplacingMergeTree`. */
  readonly engine: string;
  /** Engine with parameters, keys, TTL, settings. */
  readonly engineFull: string;
  readonly partitionKey: string;
  readonly sortingKey: string;
  readonly primaryKey: string;
  readonly columns: readonly LiveColumn[];
  /** The server's own zone: of types that name none. */
  readonly zone: string;
  /** Whether the server makes columns of type Time64 without being told to. */
  readonly hasTime64: boolean;
}
