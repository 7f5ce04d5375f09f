/** Settings of a transaction: what prints values, and what limits statements. `limit` in milliseconds, 0 = none. */
export function sessionSettings(limit: number): string {
  const settings: Readonly<Record<string, string>> = {
    timezone: 'UTC',
    datestyle: 'ISO, YMD',
    intervalstyle: 'postgres',
    extra_float_digits: '3',
    bytea_output: 'hex',
    xmloption: 'content',
    client_encoding: 'UTF8',
    // so that the same pages give the same rows in the same order
    synchronize_seqscans: 'off',
    standard_conforming_strings: 'on',
    statement_timeout: String(limit),
    lock_timeout: String(limit),
    idle_in_transaction_session_timeout: '0',
    idle_session_timeout: '0',
    transaction_timeout: '0',
    // so that the server notices a reader that died while it sorts
    client_connection_check_interval: '10s',
  };
  const wanted = Object.entries(settings).map(([name, value]) => `('${name}', '${value}')`);
  // a server that does not know a setting does not need it
  return `SELECT set_config(s.name, w.value, true) FROM (VALUES ${wanted.join(', ')}) AS w(name, value) JOIN pg_catalog.pg_settings AS s ON lower(s.name) = w.name`;
}
