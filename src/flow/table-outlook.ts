/** What a run would find and do at the table that its plan goes to. */
export interface TableOutlook {
  /** `ch1:8443/olap: olap.orders`, for messages. */
  readonly target: string;
  readonly exists: boolean;
  /** What the run would make or change before its rows: `CREATE TABLE …`, `ALTER TABLE …`. */
  readonly statements: readonly string[];
  /** Whether these change a table that is there. */
  readonly changes: boolean;
  /** For people, one sentence each. */
  readonly notes: readonly string[];
}
