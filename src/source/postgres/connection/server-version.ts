/** What a server says it is. */
export interface ServerVersion {
  /** `PostgreSQL 15.18`. */
  readonly name: string;
  /** `server_version_num`: 150018. */
  readonly number: number;
}
