/** A column of a ClickHouse table that is there. */
export interface LiveColumnFacts {
  readonly name: string;
  /** As the server writes it. */
  readonly type: string;
  /**
   * The feature that fills it as it is: its type as people write it, and the zone in which its column reads times that name none (null: UTC).
   * null where none does.
   */
  readonly takes: { readonly type: string; readonly nullable: boolean; readonly timezone: string | null } | null;
  /** What it holds where no feature fills it: `NULL`, `its DEFAULT`; null where nobody said, and it would be empty or 0. */
  readonly otherwise: string | null;
  /** The table computes it: no feature may fill it. */
  readonly computed: boolean;
}

/** A ClickHouse table that is there. */
export interface LiveColumns {
  /** In the table's order. */
  readonly columns: readonly LiveColumnFacts[];
}

/** Where a table is, or would be. */
export interface TableAddress {
  /** As messages and receipts call it: `clickhouse://ch1:8443/olap.orders`, `chdb:/abs/path/atlas.orders`. */
  readonly target: string;
  readonly database: string;
  /** null where there is none. */
  readonly live: LiveColumns | null;
}
