/** How a connection gets its Kerberos tickets. */
export interface KerberosPlan {
  /** `etl@EXAMPLE.ORG`, or null for the one that the cache or keytab names. */
  readonly principal: string | null;
  /** Absolute path, or null for the ticket cache. */
  readonly keytab: string | null;
  /** As `KRB5CCNAME` is written, or null for what the environment says. */
  readonly ticketCache: string | null;
  /** `HTTP@gateway.example.org`, `HTTP`, or null for `HTTP` on the host that is asked. */
  readonly service: string | null;
}
